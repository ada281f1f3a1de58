package dev.taskport.app;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What clients may do, and how they reach the service.
 *
 * @param allowedHosts the names that an open service goes by, besides those of the loopback and IP
 *     addresses
 * @param maxConnections how many connections there may be at once
 * @param minBytesPerSecond how fast a client must take an answer; one that is slower is cut off
 * @param maxHeaderKilobytes how long the headers of a request may be
 * @param trustedProxies IP addresses and blocks of them, from which headers about the client are
 *     believed
 * @param basePath the path below which clients see the service; empty, or without a slash at its
 *     end
 * @param rateLimit how often a client may send a request for tasks; null for any number of times
 */
record HttpSettings(
    List<String> allowedHosts,
    int maxConnections,
    int minBytesPerSecond,
    int maxHeaderKilobytes,
    List<String> trustedProxies,
    String basePath,
    @Nullable RateLimit rateLimit) {
  HttpSettings {
    allowedHosts = List.copyOf(allowedHosts);
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** The settings of the REST adapter that these are. */
  Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("taskport.http.max-connections", maxConnections);
    properties.put("taskport.http.min-bytes-per-second", minBytesPerSecond);
    properties.put("micronaut.server.netty.max-header-size", maxHeaderBytes());
    properties.put("taskport.proxy.trusted", trustedProxies);
    properties.put("taskport.proxy.base-path", basePath);
    if (rateLimit != null) {
      properties.put("taskport.rate-limit.requests", rateLimit.requests());
      properties.put("taskport.rate-limit.period", rateLimit.period());
    }
    return properties;
  }

  int maxHeaderBytes() {
    return maxHeaderKilobytes * 1024;
  }
}
