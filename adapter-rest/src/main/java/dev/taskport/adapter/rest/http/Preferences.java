package dev.taskport.adapter.rest.http;

import io.micronaut.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The client's preferences: {@code Prefer} (RFC 7240). */
public final class Preferences {
  public static final String HEADER = "Prefer";
  public static final String APPLIED = "Preference-Applied";
  public static final String COUNT = "count=exact";

  private Preferences() {}

  /** Whether the client asks for the number of tasks. */
  public static boolean wantCount(HttpHeaders headers) {
    return value(headers.getAll(HEADER), "count").filter("exact"::equals).isPresent();
  }

  /** The value of a preference; the first one if it is repeated. */
  private static Optional<String> value(List<String> lines, String name) {
    for (String line : lines) {
      for (String preference : split(line, ',')) {
        String[] nameAndValue = split(preference, ';').get(0).split("=", 2);
        if (nameAndValue[0].strip().equalsIgnoreCase(name)) {
          return Optional.of(nameAndValue.length < 2 ? "" : unquoted(nameAndValue[1].strip()));
        }
      }
    }
    return Optional.empty();
  }

  private static String unquoted(String word) {
    boolean quoted = word.length() >= 2 && word.startsWith("\"") && word.endsWith("\"");
    return quoted ? word.substring(1, word.length() - 1).replaceAll("\\\\(.)", "$1") : word;
  }

  /** The parts between separators that aren't quoted; at least one. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
