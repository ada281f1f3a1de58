package dev.taskport.adapter.rest.proxy;

import dev.taskport.adapter.rest.proxy.ForwardedElements.Element;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the proxies in front of the service tell of a request.
 *
 * @param client who sent it to the first proxy that is trusted; null if they don't tell
 * @param host the {@code Host} that the client sent, in lower case; null if they don't tell
 * @param prefix what they have taken away from the begin of the client's path; null if they don't
 *     tell
 */
record Forwarded(@Nullable InetAddress client, @Nullable String host, @Nullable String prefix) {
  private static final String FORWARDED = "Forwarded";
  private static final String FOR = "X-Forwarded-For";
  private static final String HOST = "X-Forwarded-Host";
  private static final String PREFIX = "X-Forwarded-Prefix";

  private static final Forwarded NOTHING = new Forwarded(null, null, null);

  /**
   * Reads the headers of a request that a trusted proxy sent. {@code Forwarded} and {@code
   * X-Forwarded-…} must agree if both are there: most proxies set one, and pass the other on as the
   * client made it up.
   *
   * @return null if they are malformed or disagree
   */
  static @Nullable Forwarded read(HttpHeaders headers, Predicate<InetAddress> trusted) {
    String prefix = last(headers, PREFIX);
    if (prefix != null) {
      prefix = BasePath.normalize(prefix);
      if (prefix == null) {
        return null;
      }
    }
    boolean standard = headers.contains(FORWARDED);
    boolean common = headers.contains(FOR) || headers.contains(HOST);
    Forwarded one = standard ? ofStandard(headers.getAll(FORWARDED), trusted) : NOTHING;
    Forwarded other = common ? ofCommon(headers, trusted) : NOTHING;
    if (one == null || other == null || (standard && common && !one.equals(other))) {
      return null;
    }
    Forwarded said = standard ? one : other;
    return prefix == null ? said : new Forwarded(said.client, said.host, prefix);
  }

  /** RFC 7239. */
  private static @Nullable Forwarded ofStandard(
      List<String> lines, Predicate<InetAddress> trusted) {
    List<Element> elements = ForwardedElements.parse(lines);
    if (elements == null) {
      return null;
    }
    InetAddress client = null;
    String host = null;
    for (int i = elements.size() - 1; i >= 0; i--) {
      Element element = elements.get(i);
      if (element.host() != null) {
        host = host(element.host());
        if (host == null) {
          return null;
        }
      }
      String node = element.node();
      if (node == null || node.startsWith("_") || node.equalsIgnoreCase("unknown")) {
        break; // from here on nobody knows whom to trust
      }
      client = address(node);
      if (client == null) {
        return null;
      }
      if (!trusted.test(client)) {
        break;
      }
    }
    return new Forwarded(client, host, null);
  }

  private static @Nullable Forwarded ofCommon(HttpHeaders headers, Predicate<InetAddress> trusted) {
    String host = last(headers, HOST);
    if (host != null) {
      host = host(host);
      if (host == null) {
        return null;
      }
    }
    InetAddress client = null;
    List<String> lines = headers.getAll(FOR);
    for (int i = lines.size() - 1; i >= 0; i--) {
      String line = lines.get(i);
      for (int end = line.length(); end >= 0; ) {
        int comma = line.lastIndexOf(',', end - 1);
        String node = line.substring(comma + 1, end).strip();
        end = comma;
        if (node.isEmpty()) {
          continue;
        }
        client = address(node);
        if (client == null) {
          return null;
        }
        if (!trusted.test(client)) {
          return new Forwarded(client, host, null);
        }
      }
    }
    return new Forwarded(client, host, null);
  }

  /** The last value of a header: the one that the nearest proxy has set. */
  private static @Nullable String last(HttpHeaders headers, String name) {
    List<String> lines = headers.getAll(name);
    if (lines.isEmpty()) {
      return null;
    }
    String line = lines.get(lines.size() - 1);
    return line.substring(line.lastIndexOf(',') + 1).strip();
  }

  /** An address with or without a port; null for anything else. */
  private static @Nullable InetAddress address(String node) {
    if (node.startsWith("[")) {
      int end = node.indexOf(']');
      return end > 0 && isPort(node, end + 1) ? IpAddress.parse(node.substring(1, end)) : null;
    }
    int colon = node.indexOf(':');
    if (colon < 0 || node.indexOf(':', colon + 1) >= 0) {
      return IpAddress.parse(node);
    }
    return isPort(node, colon) ? IpAddress.parse(node.substring(0, colon)) : null;
  }

  /** Whether nothing is left, or a port is. */
  private static boolean isPort(String text, int from) {
    if (from == text.length()) {
      return true;
    }
    if (text.charAt(from) != ':' || text.length() - from > 6) {
      return false;
    }
    for (int i = from + 1; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** A name or an address, and a port, in lower case; null for anything else. */
  private static @Nullable String host(String text) {
    int end = 0;
    if (text.startsWith("[")) {
      end = text.indexOf(']') + 1;
      if (end == 0 || IpAddress.parse(text.substring(1, end - 1)) == null) {
        return null;
      }
    } else {
      while (end < text.length() && isOfName(text.charAt(end))) {
        end++;
      }
    }
    return end > 0 && end <= 255 && isPort(text, end) ? text.toLowerCase(Locale.ROOT) : null;
  }

  private static boolean isOfName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_';
  }
}
