package dev.taskport.adapter.rest.proxy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The path below which clients see the service, such as {@code /todo}. Nothing in it needs an
 * escape.
 */
public final class BasePath {
  private static final int MAX_LENGTH = 200;

  /** A path that begins with one of these could be read with a base path and without. */
  private static final Set<String> ROUTES =
      Set.of("api", "docs", "health", "openapi.json", "redoc");

  private BasePath() {}

  /**
   * The path without a slash at its end: segments of letters, digits and {@code - . _ ~}, each with
   * a slash before it; empty for the root.
   *
   * @return null if the text is no such path
   */
  public static @Nullable String normalize(String text) {
    String path = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    if (path.length() > MAX_LENGTH) {
      return null;
    }
    for (int at = 0; at < path.length(); ) {
      int end = path.indexOf('/', at + 1);
      int next = end < 0 ? path.length() : end;
      if (path.charAt(at) != '/' || !isSegment(path.substring(at + 1, next))) {
        return null;
      }
      at = next;
    }
    return path;
  }

  private static boolean isSegment(String segment) {
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!plain && "-._~".indexOf(c) < 0) {
        return false;
      }
    }
    return !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
  }

  /**
   * Whether a target without this path can't be taken for one with it, and the other way round.
   *
   * @param path a normalized path
   */
  public static boolean isUnlikeRoutes(String path) {
    if (path.isEmpty()) {
      return true;
    }
    int end = path.indexOf('/', 1);
    return !ROUTES.contains(path.substring(1, end < 0 ? path.length() : end));
  }

  /**
   * The target of a request without the base path, if it begins with it, otherwise as it is. Only
   * the exact characters count, and only once.
   *
   * @param path a normalized path
   * @param target a path with or without a query, or an absolute URL
   */
  static String strip(String path, String target) {
    int start = startOfPath(target);
    if (start < 0 || !target.startsWith(path, start)) {
      return target;
    }
    int end = start + path.length();
    boolean whole = end == target.length() || target.charAt(end) == '?';
    if (!whole && target.charAt(end) != '/') {
      return target;
    }
    String rest = whole ? "/" + target.substring(end) : target.substring(end);
    return start == 0 ? rest : target.substring(0, start) + rest;
  }

  /** Where the path of a target begins; -1 if it has none. */
  private static int startOfPath(String target) {
    if (target.startsWith("/")) {
      return 0;
    }
    int scheme = target.indexOf("://");
    for (int i = scheme + 3; scheme > 0 && i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '/') {
        return i;
      }
      if (c == '?' || c == '#') {
        return -1;
      }
    }
    return -1;
  }
}
