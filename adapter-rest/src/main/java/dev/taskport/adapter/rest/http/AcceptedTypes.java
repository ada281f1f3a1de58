package dev.taskport.adapter.rest.http;

import dev.taskport.adapter.rest.MediaTypes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The {@code Accept} of a request (RFC 9110, 12.5.1) as types without ranges and weights. */
final class AcceptedTypes {
  /** What the service answers with. */
  private static final List<String> OURS =
      List.of(
          "application/json",
          MediaTypes.PROBLEM,
          "text/html",
          "text/javascript",
          "text/css",
          "text/event-stream",
          "image/svg+xml");

  private static final String ANY = "*/*";

  /** For a client that accepts none. */
  private static final String NONE = "application/x-none";

  private static final Pattern COMMA = Pattern.compile(",");
  private static final Pattern PARAMETERS = Pattern.compile(";.*");

  private AcceptedTypes() {}

  /** The accepted types with commas between them; a type of weight 0 isn't. */
  static String of(List<String> lines) {
    Set<String> accepted = new LinkedHashSet<>();
    Set<String> refused = new LinkedHashSet<>();
    for (String line : lines) {
      for (String range : COMMA.split(line, -1)) {
        String name = PARAMETERS.matcher(range).replaceFirst("").strip().toLowerCase(Locale.ROOT);
        if (!name.isEmpty()) {
          (QualityZero.is(range) ? refused : accepted).add(name);
        }
      }
    }
    if (accepted.contains(ANY) && refused.isEmpty()) {
      return ANY;
    }
    Set<String> types = new LinkedHashSet<>();
    for (String range : accepted) {
      if (range.endsWith("/*")) {
        OURS.stream().filter(type -> isIn(type, range)).forEach(types::add);
      } else {
        types.add(range);
      }
    }
    // The more specific range counts, whatever its weight.
    types.removeIf(
        type ->
            refused.contains(type)
                || (!accepted.contains(type)
                    && refused.stream()
                        .anyMatch(range -> !range.equals(ANY) && isIn(type, range))));
    return types.isEmpty() ? NONE : String.join(", ", types);
  }

  private static boolean isIn(String type, String range) {
    return range.equals(ANY)
        || (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1)));
  }
}
