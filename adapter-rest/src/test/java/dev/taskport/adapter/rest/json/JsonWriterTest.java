package dev.taskport.adapter.rest.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .configure(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8, true)
          .build();

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @Test
  void membersAndElementsHaveCommasBetweenThem() {
    JsonWriter json = new JsonWriter(0);
    json.beginObject();
    json.name(new JsonName("a"));
    json.beginArray();
    json.value("x");
    json.value(true);
    json.beginObject();
    json.endObject();
    json.beginArray();
    json.endArray();
    json.endArray();
    json.name(new JsonName("b"));
    json.value((String) null);
    json.name(new JsonName("c"));
    json.value(Instant.parse("2026-11-21T09:47:36.27328Z"));
    json.endObject();
    assertEquals(
        "{\"a\":[\"x\",true,{},[]],\"b\":null,\"c\":\"2026-11-21T09:47:36.273280Z\"}",
        new String(json.toByteArray(), StandardCharsets.UTF_8));
  }

  @Test
  void aTextThatEndsLikeJsonIsFollowedByAComma() {
    JsonWriter json = new JsonWriter(0);
    json.beginArray();
    json.value("[");
    json.value("{");
    json.value(":");
    json.endArray();
    assertEquals("[\"[\",\"{\",\":\"]", new String(json.toByteArray(), StandardCharsets.UTF_8));
  }

  @Test
  void everyCharacterIsWrittenAsJacksonWritesIt() throws IOException {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        String text = Character.toString(c);
        assertArrayEquals(
            jackson(text), written(text), () -> "U+" + Integer.toHexString(text.codePointAt(0)));
      }
    }
  }

  @Test
  void textsAreWrittenAsJacksonWritesThem() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      String text = text();
      assertArrayEquals(jackson(text), written(text), () -> "seed " + seed + ": " + text);
    }
  }

  @Test
  void halfACharacterBecomesAQuestionMark() {
    assertEquals("\"a?b?\"", new String(written("a\ud83db\ude00"), StandardCharsets.UTF_8));
  }

  @Test
  void timesHaveSixDigitsBehindTheSecond() {
    DateTimeFormatter format =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    long first = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    for (int i = 0; i < 20_000; i++) {
      Instant time =
          Instant.ofEpochSecond(random.nextLong(first, last + 1), random.nextInt(1_000_000_000));
      assertEquals(format.format(time), Timestamps.format(time), () -> "seed " + seed);
    }
    assertEquals("0000-01-01T00:00:00.000000Z", Timestamps.format(Instant.ofEpochSecond(first)));
    assertEquals("9999-12-31T23:59:59.000000Z", Timestamps.format(Instant.ofEpochSecond(last)));
    assertThrows(DateTimeException.class, () -> Timestamps.format(Instant.ofEpochSecond(last + 1)));
  }

  /** Mostly ASCII, of any length that needs the buffer to grow or not. */
  private String text() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(200);
    for (int i = 0; i < length; i++) {
      int c = random.nextInt(random.nextInt(10) > 0 ? 0x80 : Character.MAX_CODE_POINT + 1);
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        text.appendCodePoint(c);
      }
    }
    return text.toString();
  }

  private static byte[] written(String text) {
    JsonWriter json = new JsonWriter(0);
    json.value(text);
    return json.toByteArray();
  }

  private static byte[] jackson(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = JACKSON.createGenerator(bytes)) {
      generator.writeString(text);
    }
    return bytes.toByteArray();
  }
}
