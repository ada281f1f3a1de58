package dev.taskport.adapter.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An answer as its bytes say. Names of headers are in lower case. */
public record RawAnswer(int status, Map<String, String> headers, String body) {

  /** Takes the bytes of a connection apart; every byte must belong to an answer with a length. */
  public static List<RawAnswer> all(byte[] bytes) {
    String rest = new String(bytes, ISO_8859_1);
    List<RawAnswer> answers = new ArrayList<>();
    while (!rest.isEmpty()) {
      if (!rest.startsWith("HTTP/1.")) {
        throw new AssertionError("Not the begin of an answer: " + rest);
      }
      int end = rest.indexOf("\r\n\r\n");
      List<String> lines = rest.substring(0, end).lines().toList();
      Map<String, String> headers = new TreeMap<>();
      for (String line : lines.subList(1, lines.size())) {
        int colon = line.indexOf(':');
        headers.merge(
            line.substring(0, colon).toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip(),
            (one, other) -> one + ", " + other);
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      String body = rest.substring(end + 4, end + 4 + length);
      answers.add(
          new RawAnswer(
              Integer.parseInt(lines.get(0).substring(9, 12)),
              headers,
              new String(body.getBytes(ISO_8859_1), UTF_8)));
      rest = rest.substring(end + 4 + length);
    }
    return answers;
  }

  public @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }
}
