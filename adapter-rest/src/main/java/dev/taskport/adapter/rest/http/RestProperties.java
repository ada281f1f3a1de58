package dev.taskport.adapter.rest.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Micronaut's settings that the REST contract depends on. */
public final class RestProperties {
  /**
   * In bytes: the longest task with every character escaped, and space for fields that front ends
   * add.
   */
  private static final int MAX_BODY = 128 * 1024;

  /**
   * The cipher suites of TLS 1.3 and 1.2 with forward secrecy: recorded traffic stays secret if the
   * key leaks later. Every JDK from 17 on has them.
   */
  private static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /**
   * In bytes: the longest link to the next page. A user id, a search and a cursor's title with
   * every character escaped take 7,000.
   */
  private static final int MAX_REQUEST_LINE = 8 * 1024;

  /** In bytes: a token of a large identity provider, and the cookies of its site. */
  private static final int MAX_HEADERS = 32 * 1024;

  /** Of one connection: what RFC 9113, 6.5.2, recommends at least. */
  private static final int MAX_STREAMS = 100;

  private RestProperties() {}

  /**
   * The settings for a service that pages of these origins may call.
   *
   * @param corsOrigins exact origins, such as {@code https://tasks.example}
   */
  public static Map<String, Object> of(List<String> corsOrigins) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("micronaut.server.max-request-size", MAX_BODY);
    properties.put("micronaut.server.netty.max-request-buffer-size", MAX_BODY);
    properties.put("micronaut.server.netty.max-initial-line-length", MAX_REQUEST_LINE);
    properties.put("micronaut.server.netty.max-header-size", MAX_HEADERS);
    // A small body that decompresses to a large one would be in memory before its size is checked.
    properties.put("micronaut.server.netty.request-decompression-enabled", false);
    properties.put("micronaut.server.idle-timeout", "60s");
    properties.put("micronaut.server.log-handled-exceptions", false);
    properties.put("micronaut.server.keep-alive-on-server-error", true);
    properties.put("micronaut.server.date-header", false); // CommonHeaders sets it
    eventLoops(properties);
    // Writes characters beyond the basic plane in UTF-8, not as two escapes of six bytes each.
    properties.put(
        "micronaut.serde.jackson.write-features",
        Map.of("COMBINE_UNICODE_SURROGATES_IN_UTF8", true));
    // Only the framework's check of bearer tokens is used, by our filter (AccessFilter).
    for (String unused :
        List.of(
            "basic-auth",
            "endpoints.introspection",
            "endpoints.keys",
            "endpoints.login",
            "endpoints.logout",
            "endpoints.oauth",
            "filter",
            "redirect",
            "token.bearer",
            "token.cookie",
            "token.propagation",
            "x509")) {
      properties.put("micronaut.security." + unused + ".enabled", false);
    }
    properties.put("micronaut.security.token.jwt.nimbus.validator", false);
    properties.put("micronaut.security.token.jwt.claims-validators.expiration", false);
    properties.put("micronaut.security.token.jwt.claims-validators.subject-not-null", false);
    // Our CorsFilter answers preflights that the framework's own filter refuses.
    properties.put("micronaut.server.cors.enabled", false);
    // Without this setting, Micronaut refuses foreign origins on localhost, and so all requests
    // through a reverse proxy on the same host:
    // https://github.com/micronaut-projects/micronaut-core/issues/8749
    properties.put("micronaut.server.cors.localhost-pass-through", true);
    properties.put("taskport.cors.origins", corsOrigins);
    return properties;
  }

  /**
   * A thread for each processor serves the connections, and one accepts them. They use Linux' epoll
   * itself where its library can be loaded, otherwise the JDK's selectors.
   */
  private static void eventLoops(Map<String, Object> properties) {
    String loops = "micronaut.netty.event-loops.";
    properties.put(loops + "default.thread-core-ratio", 1);
    properties.put(loops + "parent.num-threads", 1);
    for (String loop : List.of("default", "parent")) {
      properties.put(loops + loop + ".transport", List.of("epoll", "nio"));
    }
  }

  /**
   * Additional settings for a service that accepts only TLS, with HTTP/2 and HTTP/1.
   *
   * @param port the port to listen on; -1 for any free port
   * @param certificateProvider the name of the {@code CertificateProvider} that has the certificate
   * @param maxHeaders in bytes, how long the headers of a request may be
   */
  public static Map<String, Object> tls(int port, String certificateProvider, int maxHeaders) {
    String ssl = "micronaut.server.ssl.";
    String http2 = "micronaut.server.netty.http2.";
    Map<String, Object> properties = new HashMap<>();
    properties.put(ssl + "enabled", true);
    properties.put(ssl + "port", port);
    properties.put(ssl + "protocols", List.of("TLSv1.3", "TLSv1.2"));
    properties.put(ssl + "ciphers", CIPHER_SUITES);
    properties.put(ssl + "key-name", certificateProvider);
    properties.put("micronaut.server.http-version", "2.0");
    // A pipeline for each stream, so that the same handlers serve requests of HTTP/1 and HTTP/2.
    properties.put("micronaut.server.netty.legacy-multiplex-handlers", true);
    properties.put(http2 + "max-concurrent-streams", MAX_STREAMS);
    properties.put(http2 + "max-header-list-size", headerList(maxHeaders));
    return properties;
  }

  /**
   * Each header counts 32 bytes more here than in HTTP/1 (RFC 9113, 6.5.2), and only a list that is
   * decoded can be refused with an answer.
   */
  private static int headerList(int maxHeaders) {
    return 2 * (maxHeaders + MAX_REQUEST_LINE);
  }

  /**
   * Additional settings for a service without authentication, which trusts the user id in the path.
   *
   * @param hosts the names that it goes by, besides those of the loopback and IP addresses
   */
  public static Map<String, Object> withoutAuthentication(List<String> hosts) {
    return Map.of("micronaut.security.enabled", false, "taskport.http.allowed-hosts", hosts);
  }
}
