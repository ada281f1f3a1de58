package dev.taskport.adapter.rest.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.MalformedBodyException;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.fuzz.ParserFuzzContract;
import java.io.IOException;
import java.util.List;

/** Any bytes as a body: refused in words, or read as Jackson's own tree reads them. */
class JsonObjectFuzzTest implements ParserFuzzContract {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  @Override
  public List<String> seeds() {
    return List.of(
        "",
        "{}",
        "null",
        "{\"title\":\"a\",\"description\":null,\"completed\":true,\"tags\":[\"a\",1,null,[]]}",
        "{\"a\":1,\"a\":2}",
        "{\"x\":{\"y\":[1e400,-0.0,{}]},\"t\":\"\\ud800\\u0000\\n\"}",
        "[".repeat(2000),
        "{\"a\":\"é😀\"} ",
        "\uFEFF{}",
        "{\"a\":tru",
        "{} {}");
  }

  @Override
  public void parse(byte[] input) throws IOException {
    JsonObject object;
    try {
      object = JsonObject.parse(input);
    } catch (MalformedBodyException | InvalidInputException e) {
      return;
    }
    JsonNode tree = JSON.readTree(input);
    assertSame(tree, object);
    assertSame(tree, JsonObject.parse(JSON.writeValueAsBytes(tree)));
  }

  private static void assertSame(JsonNode tree, JsonObject object) {
    assertTrue(tree.isObject());
    for (String name : List.of("title", "completed", "tags")) {
      assertEquals(tree.has(name), object.has(name));
    }
    tree.properties()
        .forEach(
            member -> {
              String name = member.getKey();
              JsonNode value = member.getValue();
              assertTrue(object.has(name));
              assertEquals(value.isArray(), object.array(name).isPresent());
              if (value.isTextual()) {
                assertEquals(value.textValue(), object.string(name));
              } else {
                assertThrows(InvalidValueException.class, () -> object.string(name));
              }
              if (value.isBoolean()) {
                assertEquals(value.booleanValue(), object.bool(name));
              } else {
                assertThrows(InvalidValueException.class, () -> object.bool(name));
              }
            });
  }
}
