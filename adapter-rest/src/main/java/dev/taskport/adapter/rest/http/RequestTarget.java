package dev.taskport.adapter.rest.http;

/** The target in a request's first line, spelt as the framework reads it rightly. */
final class RequestTarget {
  /** What browsers send as it is (WHATWG URL), though it is no part of a URI (RFC 3986). */
  private static final String BARE = "\"<>\\^`{|}";

  private RequestTarget() {}

  /**
   * Escapes
   *
   * <ul>
   *   <li>a plus in the path: the router takes it for a space, as in a form, and {@code a+b} and
   *       {@code a b} would be one user;
   *   <li>bytes beyond ASCII, which the codec takes for Latin-1: where they are UTF-8, they mean
   *       what their sender meant;
   *   <li>what browsers leave as it is, such as the bar in {@code auth0|123} or the percent sign of
   *       {@code ?search=100%}.
   * </ul>
   */
  static String repair(String target) {
    if (!target.startsWith("/")) {
      return target;
    }
    StringBuilder repaired = null; // few targets need any
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
      default -> (c >= 0x80 && c <= 0xFF) || BARE.indexOf(c) >= 0;
    };
  }

  private static boolean isEscape(String target, int percent) {
    return percent + 2 < target.length()
        && Character.digit(target.charAt(percent + 1), 16) >= 0
        && Character.digit(target.charAt(percent + 2), 16) >= 0;
  }
}
