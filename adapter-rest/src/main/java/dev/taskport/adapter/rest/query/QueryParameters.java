package dev.taskport.adapter.rest.query;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request, parsed like a browser's form data (WHATWG URL): pairs are separated by
 * ampersands, and a plus is a space. Micronaut's own parser also separates at semicolons (an option
 * since <a href="https://github.com/micronaut-projects/micronaut-core/issues/11411">micronaut-core
 * 11411</a>), drops parameters after the thousandth (an option as well), and replaces invalid
 * UTF-8, which then can't be detected and refused.
 */
public final class QueryParameters {
  /**
   * A parameter that has a value.
   *
   * @param value null if it is not valid UTF-8
   */
  public record Parameter(String name, @Nullable String value) {}

  private final List<Parameter> parameters = new ArrayList<>();

  /** Parses this query, which is still percent-encoded. */
  public QueryParameters(@Nullable String rawQuery) {
    if (rawQuery == null) {
      return;
    }
    int start = 0;
    while (start < rawQuery.length()) {
      int end = rawQuery.indexOf('&', start);
      end = end < 0 ? rawQuery.length() : end;
      add(rawQuery.substring(start, end));
      start = end + 1;
    }
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    if (equals < 0 || equals == pair.length() - 1) {
      return; // an empty value counts as an absent parameter
    }
    String name = decoded(pair.substring(0, equals));
    if (name != null) {
      parameters.add(new Parameter(name, decoded(pair.substring(equals + 1))));
    }
  }

  /** The parameters with these names, in the order of the query. */
  public List<Parameter> all(String... names) {
    if (parameters.isEmpty()) {
      return List.of();
    }
    List<Parameter> wanted = new ArrayList<>(1);
    for (Parameter parameter : parameters) {
      if (Arrays.asList(names).contains(parameter.name())) {
        wanted.add(parameter);
      }
    }
    return wanted;
  }

  private static @Nullable String decoded(String encoded) {
    ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        // java.net.URI has checked that two digits follow, and that all is ASCII.
        bytes.put((byte) Integer.parseInt(encoded, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.put((byte) (c == '+' ? ' ' : c));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
