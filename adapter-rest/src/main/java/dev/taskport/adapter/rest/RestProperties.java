package dev.taskport.adapter.rest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The framework's settings that the contract on the wire rests on. */
public final class RestProperties {
  /** In bytes: the longest task, every character escaped, and room for what front ends add. */
  private static final int MAX_BODY = 128 * 1024;

  private RestProperties() {}

  /**
   * The settings for a service whose answers pages of these origins may read.
   *
   * @param corsOrigins exact origins, such as {@code https://tasks.example}
   */
  public static Map<String, Object> of(List<String> corsOrigins) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("micronaut.server.max-request-size", MAX_BODY);
    properties.put("micronaut.server.netty.max-request-buffer-size", MAX_BODY);
    // A small body that unfolds to a large one would be in memory before its size is checked.
    properties.put("micronaut.server.netty.request-decompression-enabled", false);
    properties.put("micronaut.server.idle-timeout", "60s");
    properties.put("micronaut.server.log-handled-exceptions", false);
    properties.put("micronaut.server.keep-alive-on-server-error", true);
    // The health of the service is ours to tell.
    properties.put("endpoints.all.enabled", false);
    // Characters beyond the basic plane as they are, not as two escapes of six bytes.
    properties.put(
        "micronaut.serde.jackson.write-features",
        Map.of("COMBINE_UNICODE_SURROGATES_IN_UTF8", true));
    properties.put("micronaut.server.cors.enabled", true);
    // A page of a foreign origin gets no CORS headers; refusing the request itself would refuse
    // reverse proxies on the same host, too.
    properties.put("micronaut.server.cors.localhost-pass-through", true);
    String cors = "micronaut.server.cors.configurations.front-ends.";
    properties.put(cors + "allowed-origins", corsOrigins);
    properties.put(
        cors + "allowed-methods", List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
    properties.put(
        cors + "allowed-headers",
        List.of(
            "Authorization",
            "Content-Type",
            "If-Match",
            "If-None-Match",
            IdempotencyKeyHeader.NAME,
            "Prefer",
            "X-Request-ID"));
    properties.put(
        cors + "exposed-headers",
        List.of(
            "ETag",
            "Link",
            "Location",
            "Retry-After",
            "Idempotency-Replayed",
            "X-Total-Count",
            "X-Request-ID",
            "RateLimit",
            "RateLimit-Policy",
            "WWW-Authenticate"));
    properties.put(cors + "allow-credentials", true);
    properties.put(cors + "max-age", 600);
    return properties;
  }
}
