package dev.taskport.adapter.rest.http;

import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The hosts that a request may be for, as its {@code Host} says (RFC 9110, 7.2). A service without
 * authentication must know its own names: a page of any site can have that site's name resolve to
 * 127.0.0.1, and its browser then takes this service for that site (DNS rebinding). With
 * authentication such a page has no token, and every name is allowed. Thread-safe.
 */
@Singleton
final class AllowedHosts {
  private static final String IPV6 = "\\[[0-9A-Fa-f:.]{2,45}]";
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

  /** A host of RFC 3986, 3.2.2, and a port. */
  private static final Pattern SYNTAX =
      Pattern.compile(
          "(?:" + IPV6 + "|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}){0,255})(?::[0-9]{0,5})?");

  /** What no resolver is asked for. */
  private static final Pattern ADDRESS =
      Pattern.compile(IPV6 + "|" + OCTET + "(\\." + OCTET + "){3}");

  private static final Pattern LOOPBACK = Pattern.compile("(.+\\.)?localhost");
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");

  private final boolean all;
  private final Set<String> names;

  /** The last that was allowed: nearly all requests have the same. */
  private volatile String last = "";

  AllowedHosts(
      @Property(name = "micronaut.security.enabled", defaultValue = "true") boolean authentication,
      @Property(name = "taskport.http.allowed-hosts", defaultValue = "") List<String> names) {
    this.all = authentication;
    this.names = names.stream().map(AllowedHosts::plain).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether this can be a {@code Host}. */
  static boolean isValid(String host) {
    return SYNTAX.matcher(host).matches();
  }

  /**
   * Whether requests for this host are answered.
   *
   * @param host a valid {@code Host}, with or without a port
   */
  boolean allow(String host) {
    if (all) {
      return true;
    }
    String name = plain(PORT.matcher(host).replaceFirst(""));
    return names.contains(name)
        || LOOPBACK.matcher(name).matches()
        || ADDRESS.matcher(name).matches();
  }

  /** Whether this is a valid {@code Host}, and an allowed one. */
  boolean validAndAllowed(String host) {
    if (host.equals(last)) {
      return true;
    }
    boolean good = isValid(host) && allow(host);
    if (good) {
      last = host;
    }
    return good;
  }

  private static String plain(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
