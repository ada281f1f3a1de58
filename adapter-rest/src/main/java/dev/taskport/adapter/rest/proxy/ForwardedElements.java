package dev.taskport.adapter.rest.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the elements of a {@code Forwarded} header (RFC 7239, 4), one for each proxy. */
final class ForwardedElements {
  /**
   * What a proxy tells.
   *
   * @param node who it had the request from: an address with or without a port, {@code unknown} or
   *     a made-up name; null if it doesn't tell
   * @param host the {@code Host} that the request had; null if it doesn't tell
   */
  record Element(@Nullable String node, @Nullable String host) {}

  private final String text;
  private int at;

  private ForwardedElements(String text) {
    this.text = text;
  }

  /** The elements in the order of the proxies; null if the header is malformed. */
  static @Nullable List<Element> parse(List<String> lines) {
    return new ForwardedElements(String.join(",", lines)).all();
  }

  private @Nullable List<Element> all() {
    List<Element> elements = new ArrayList<>();
    while (true) {
      skipSpace();
      if (at < text.length() && text.charAt(at) != ',') {
        Element element = element();
        if (element == null) {
          return null;
        }
        elements.add(element);
      }
      if (at == text.length()) {
        return elements;
      }
      at++; // the comma; RFC 9110, 5.6.1 allows empty elements
    }
  }

  /** Up to a comma or the end; null if it is malformed. */
  private @Nullable Element element() {
    String node = null;
    String host = null;
    while (true) {
      String name = token();
      if (name.isEmpty() || !take('=')) {
        return null;
      }
      String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
      if (value == null || value.isEmpty()) {
        return null;
      }
      switch (name.toLowerCase(Locale.ROOT)) {
        case "for" -> {
          if (node != null) {
            return null;
          }
          node = value;
        }
        case "host" -> {
          if (host != null) {
            return null;
          }
          host = value;
        }
        default -> {} // nothing depends on the others
      }
      skipSpace();
      if (at == text.length() || text.charAt(at) == ',') {
        return new Element(node, host);
      }
      if (!take(';')) {
        return null;
      }
      skipSpace();
    }
  }

  private boolean take(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    if (there) {
      at++;
    }
    return there;
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  /** RFC 9110, 5.6.2; empty if there is none. Ports are taken too, though they should be quoted. */
  private String token() {
    int start = at;
    while (at < text.length() && isToken(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean isToken(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~:".indexOf(c) >= 0;
  }

  /** RFC 9110, 5.6.4; null if it has no end. */
  private @Nullable String quoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\' && ++at == text.length()) {
        return null;
      }
      value.append(text.charAt(at));
    }
    return null;
  }
}
