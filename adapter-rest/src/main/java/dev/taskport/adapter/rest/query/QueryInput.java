package dev.taskport.adapter.rest.query;

import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.Violation;
import dev.taskport.domain.InvalidValueException;
import io.micronaut.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a request's query. Errors are collected, to be reported together. A
 * parameter may have several names, because front ends use different ones. Not thread-safe.
 */
public final class QueryInput {
  /** The greatest {@code limit} of a page. */
  public static final int MAX_LIMIT = 1000;

  /** The {@code limit} of a list that is sent in pages only. */
  public static final int DEFAULT_LIMIT = 100;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Map<String, Boolean> FLAG = Map.of("true", true, "false", false);

  private final QueryParameters query;
  private final List<Violation> violations = new ArrayList<>();

  public QueryInput(HttpRequest<?> request) {
    this.query = new QueryParameters(request.getUri().getRawQuery());
  }

  /**
   * Reads a value; {@code name} is the parameter name that the client used. Refuses it by an {@link
   * InvalidValueException}.
   */
  public interface Reader<T> {
    T read(String name, String value);
  }

  /** Reads one of these words, in upper or lower case; {@code list} names them in a sentence. */
  public static <T> Reader<T> choice(Map<String, T> usable, String list) {
    return (name, value) -> {
      T choice = usable.get(value.toLowerCase(Locale.ROOT));
      if (choice == null) {
        throw new InvalidValueException(name + " must be " + list);
      }
      return choice;
    };
  }

  /** Reads {@code true} or {@code false}. */
  public static Reader<Boolean> flag() {
    return choice(FLAG, "true or false");
  }

  /** Reads a whole number; {@code advice} ends the sentence that refuses one out of bounds. */
  public static Reader<Integer> number(int least, int most, String advice) {
    return (name, value) -> {
      int number = NUMBER.matcher(value).matches() ? Integer.parseInt(value) : -1;
      if (number < least || number > most) {
        throw new InvalidValueException(
            name + " must be a whole number from " + least + " to " + most + advice);
      }
      return number;
    };
  }

  /** Reads the greatest number of entries on a page. */
  public static Reader<Integer> limit() {
    return number(1, MAX_LIMIT, "");
  }

  /** The parameters with these names that have a value, in the order of the query. */
  public List<QueryParameters.Parameter> all(String... names) {
    return query.all(names);
  }

  /**
   * The value of a parameter that may be sent several times, if it says the same each time; null if
   * it is absent or refused.
   */
  public <T> @Nullable T one(Reader<T> reader, String... names) {
    T value = null;
    for (QueryParameters.Parameter parameter : query.all(names)) {
      String name = parameter.name();
      T next = read(reader, parameter);
      if (next == null) {
        return null;
      }
      if (value != null && !value.equals(next)) {
        refuse(name, name + " is given several times, with different values; send one of them");
        return null;
      }
      value = next;
    }
    return value;
  }

  /** Null, and an error more, for a value that can't be read. */
  public <T> @Nullable T read(Reader<T> reader, QueryParameters.Parameter parameter) {
    String name = parameter.name();
    if (parameter.value() == null) {
      refuse(name, "The value of " + name + " is not valid UTF-8");
      return null;
    }
    try {
      return reader.read(name, parameter.value());
    } catch (InvalidValueException e) {
      refuse(name, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Adds an error. */
  public void refuse(String name, String detail) {
    violations.add(Violation.of(name, detail));
  }

  /** Whether there was no error so far. */
  public boolean isValid() {
    return violations.isEmpty();
  }

  /**
   * Ends the reading.
   *
   * @throws InvalidInputException with all errors, if there are any
   */
  public void rejectIfInvalid() {
    if (!violations.isEmpty()) {
      throw new InvalidInputException(violations);
    }
  }
}
