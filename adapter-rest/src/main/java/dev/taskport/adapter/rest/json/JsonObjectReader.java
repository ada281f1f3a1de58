package dev.taskport.adapter.rest.json;

import dev.taskport.adapter.rest.MediaTypes;
import io.micronaut.core.io.buffer.ByteBuffer;
import io.micronaut.core.io.buffer.ReferenceCounted;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.Headers;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.body.TypedMessageBodyReader;
import io.micronaut.http.exceptions.HttpStatusException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request for a route that takes a {@link JsonObject}. */
@Singleton
@Consumes({MediaType.APPLICATION_JSON, MediaTypes.MERGE_PATCH})
final class JsonObjectReader implements TypedMessageBodyReader<JsonObject> {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  @Override
  public Argument<JsonObject> getType() {
    return Argument.of(JsonObject.class);
  }

  @Override
  public boolean isReadable(Argument<JsonObject> type, @Nullable MediaType mediaType) {
    return type.getType() == JsonObject.class;
  }

  @Override
  public @Nullable JsonObject read(
      Argument<JsonObject> type,
      @Nullable MediaType mediaType,
      Headers headers,
      ByteBuffer<?> body) {
    JsonObject object = read(type, mediaType, body.toByteArray());
    if (body instanceof ReferenceCounted counted) {
      counted.release(); // when reading fails, the caller releases it
    }
    return object;
  }

  @Override
  public @Nullable JsonObject read(
      Argument<JsonObject> type, @Nullable MediaType mediaType, Headers headers, InputStream body) {
    try {
      return read(type, mediaType, body.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object; null when there is no body. */
  private static @Nullable JsonObject read(
      Argument<JsonObject> type, @Nullable MediaType mediaType, byte[] body) {
    if (body.length == 0) {
      return null;
    }
    if (mediaType == null) {
      // Any origin's page can send a body without a type, and browsers send no preflight for it.
      throw new HttpStatusException(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "No content type");
    }
    // Where the body is optional, some clients send null instead of none.
    return type.isNullable() && Arrays.equals(body, NULL) ? null : JsonObject.parse(body);
  }
}
