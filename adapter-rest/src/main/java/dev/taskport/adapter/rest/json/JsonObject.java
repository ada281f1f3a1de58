package dev.taskport.adapter.rest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.MalformedBodyException;
import dev.taskport.adapter.rest.problem.Violation;
import dev.taskport.domain.InvalidValueException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request body, read strictly by RFC 8259: UTF-8 without a byte order mark, exactly one object,
 * no duplicate keys, nothing after it. Types are strict too: a number is not accepted as a string.
 * Immutable.
 */
public final class JsonObject {
  /** Stands for an absent body, where that is allowed. */
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // By default each thread has buffers of its own, which die with each virtual thread.
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .build();

  private enum Other {
    NULL,
    /** A number, an object, or an array in an array: no field takes one. */
    UNUSABLE
  }

  /** String, Boolean, a list of these (an array) or {@link Other} by name. */
  private final Map<String, Object> members;

  private JsonObject(Map<String, Object> members) {
    this.members = members;
  }

  /**
   * Reads a body.
   *
   * @throws MalformedBodyException when it isn't JSON
   * @throws InvalidInputException when it is JSON, but not an object
   */
  static JsonObject parse(byte[] body) {
    try (JsonParser parser = JSON.createParser(decode(body))) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new MalformedBodyException("The body is empty; send a JSON object");
      }
      Map<String, Object> members = Map.of();
      if (first == JsonToken.START_OBJECT) {
        members = readMembers(parser);
      } else {
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        throw new MalformedBodyException("The body continues after the end of its JSON value");
      }
      if (first != JsonToken.START_OBJECT) {
        throw new InvalidInputException(
            List.of(Violation.at("#", "The body must be a JSON object")));
      }
      return new JsonObject(members);
    } catch (JsonProcessingException e) {
      throw new MalformedBodyException("The body is not valid JSON" + position(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String decode(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedBodyException("The body is not valid UTF-8");
    }
  }

  private static Map<String, Object> readMembers(JsonParser parser) throws IOException {
    Map<String, Object> members = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      members.put(
          name,
          parser.nextToken() == JsonToken.START_ARRAY ? readElements(parser) : readValue(parser));
    }
    return members;
  }

  private static List<Object> readElements(JsonParser parser) throws IOException {
    List<Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(readValue(parser));
    }
    return elements;
  }

  private static Object readValue(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> Other.NULL;
      default -> {
        parser.skipChildren();
        yield Other.UNUSABLE;
      }
    };
  }

  private static String position(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }

  /** Whether there is a member with this name, even a {@code null}. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /**
   * The string with this name.
   *
   * @throws InvalidValueException when it is absent or not a string
   */
  public String string(String name) {
    if (!has(name)) {
      throw new InvalidValueException("The " + name + " is missing");
    }
    if (members.get(name) instanceof String string) {
      return string;
    }
    throw new InvalidValueException("The " + name + " must be a string");
  }

  /**
   * The string with this name; {@code null} when it is absent or {@code null}.
   *
   * @throws InvalidValueException when it is something else
   */
  public @Nullable String nullableString(String name) {
    return nullableString(name, "a string or null");
  }

  /** Like {@link #nullableString(String)}; the error message says that it must be {@code what}. */
  public @Nullable String nullableString(String name, String what) {
    Object value = members.get(name);
    if (value == null || value == Other.NULL) {
      return null;
    }
    if (value instanceof String string) {
      return string;
    }
    throw new InvalidValueException("The " + name + " must be " + what);
  }

  /**
   * The elements of the array with this name: the strings, and {@code null} for each element that
   * is not a string. Empty when there is no such array.
   */
  public Optional<List<@Nullable String>> array(String name) {
    return members.get(name) instanceof List<?> elements
        ? Optional.of(
            elements.stream().map(e -> e instanceof String string ? string : null).toList())
        : Optional.empty();
  }

  /**
   * The boolean with this name.
   *
   * @throws InvalidValueException when it is absent or something else
   */
  public boolean bool(String name) {
    if (members.get(name) instanceof Boolean value) {
      return value;
    }
    throw new InvalidValueException(name + " must be true or false");
  }
}
