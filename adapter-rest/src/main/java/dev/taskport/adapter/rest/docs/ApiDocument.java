package dev.taskport.adapter.rest.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The API's description: written as {@code openapi.yml}, read once, and served as JSON. */
@Singleton
final class ApiDocument {
  private static final String SOURCE = "openapi.yml";

  private final byte[] json;

  ApiDocument(JsonMapper mapper) {
    try {
      json = mapper.writeValueAsBytes(source());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The document in UTF-8. */
  byte[] json() {
    return json;
  }

  private static Map<?, ?> source() {
    byte[] yaml =
        StaticFile.read(SOURCE).orElseThrow(() -> new IllegalStateException(SOURCE + " is gone"));
    Load load = new Load(LoadSettings.builder().setLabel(SOURCE).build());
    return (Map<?, ?>) load.loadFromString(new String(yaml, UTF_8));
  }
}
