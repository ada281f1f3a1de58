package dev.taskport.adapter.rest.http;

/**
 * Escapes the characters in a request's target that Micronaut would decode differently than the
 * client meant.
 */
final class RequestTarget {
  private RequestTarget() {}

  /**
   * Percent-encodes
   *
   * <ul>
   *   <li>a plus in the path. The router decodes it to a space, as in a form, so that {@code a+b}
   *       and {@code a b} would be one user (<a
   *       href="https://github.com/micronaut-projects/micronaut-core/issues/6974">micronaut-core
   *       6974</a>, <a
   *       href="https://github.com/micronaut-projects/micronaut-core/issues/8090">8090</a>);
   *   <li>bytes beyond ASCII. The codec decodes them as Latin-1, although clients send UTF-8 (<a
   *       href="https://github.com/micronaut-projects/micronaut-core/issues/3974">micronaut-core
   *       3974</a>);
   *   <li>characters that browsers don't encode and {@link java.net.URI} refuses, such as the bar
   *       in {@code auth0|123} or the percent sign of {@code ?search=100%}.
   * </ul>
   */
  static String repair(String target) {
    if (!target.startsWith("/")) {
      return target;
    }
    StringBuilder repaired = null; // few targets need a change
    boolean inPath = true;
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      inPath &= c != '?';
      if (mustEscape(target, i, inPath)) {
        if (repaired == null) {
          repaired = new StringBuilder(target.length() + 8).append(target, 0, i);
        }
        repaired.append(String.format("%%%02X", (int) c));
      } else if (repaired != null) {
        repaired.append(c);
      }
    }
    return repaired == null ? target : repaired.toString();
  }

  private static boolean mustEscape(String target, int index, boolean inPath) {
    char c = target.charAt(index);
    return switch (c) {
      case '+', '[', ']' -> inPath;
      case '%' -> !inPath && !isEscape(target, index);
      // Browsers send them unescaped (WHATWG URL), but a URI may not have them (RFC 3986).
      case '"', '<', '>', '\\', '^', '`', '{', '|', '}' -> true;
      default -> c >= 0x80 && c <= 0xFF;
    };
  }

  private static boolean isEscape(String target, int percent) {
    return percent + 2 < target.length()
        && Character.digit(target.charAt(percent + 1), 16) >= 0
        && Character.digit(target.charAt(percent + 2), 16) >= 0;
  }
}
