package dev.taskport.adapter.rest.json;

import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.codec.CodecException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;

/** Sends {@link JsonBytes} as they are. */
@Singleton
@Produces(MediaType.APPLICATION_JSON)
final class JsonBytesWriter implements ResponseBodyWriter<JsonBytes> {
  @Override
  public CloseableByteBody writePiece(
      ByteBodyFactory factory,
      HttpRequest<?> request,
      HttpResponse<?> response,
      Argument<JsonBytes> type,
      MediaType mediaType,
      JsonBytes json) {
    return factory.adapt(json.bytes());
  }

  /** Not used: for a response, the framework calls {@link #writePiece}. */
  @Override
  public void writeTo(
      Argument<JsonBytes> type,
      MediaType mediaType,
      JsonBytes json,
      MutableHeaders headers,
      OutputStream out) {
    try {
      out.write(json.bytes());
    } catch (IOException e) {
      throw new CodecException("The body can't be written", e);
    }
  }
}
