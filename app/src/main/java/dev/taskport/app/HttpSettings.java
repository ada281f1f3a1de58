package dev.taskport.app;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients may do, and by which names they reach the service.
 *
 * @param allowedHosts the names that an open service goes by, besides those of the loopback and IP
 *     addresses
 * @param maxConnections how many connections there may be at once
 * @param minBytesPerSecond how fast a client must take an answer; one that is slower is cut off
 * @param maxHeaderKilobytes how long the headers of a request may be
 */
record HttpSettings(
    List<String> allowedHosts, int maxConnections, int minBytesPerSecond, int maxHeaderKilobytes) {
  HttpSettings {
    allowedHosts = List.copyOf(allowedHosts);
  }

  /** The settings of the REST adapter that these are. */
  Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("taskport.http.max-connections", maxConnections);
    properties.put("taskport.http.min-bytes-per-second", minBytesPerSecond);
    properties.put("micronaut.server.netty.max-header-size", maxHeaderKilobytes * 1024);
    return properties;
  }
}
