package dev.taskport.adapter.rest.docs;

import dev.taskport.adapter.rest.http.ConditionalHeaders;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** A file that is the same for all clients, with its entity tag for caches. */
final class StaticFile {
  private final byte[] bytes;
  private final MediaType type;
  private final String tag;

  StaticFile(byte[] bytes, MediaType type) {
    this.bytes = bytes;
    this.type = type;
    tag = "W/\"" + HexFormat.of().formatHex(sha256(bytes), 0, 8) + '"';
  }

  /** The bytes of a file on the class path, if there is one. */
  static Optional<byte[]> read(String path) {
    try (InputStream file = StaticFile.class.getResourceAsStream(path)) {
      return file == null ? Optional.empty() : Optional.of(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Answers with the file, or with 304 if the client's copy is current. Caches must revalidate each
   * time.
   */
  MutableHttpResponse<byte[]> answer(HttpRequest<?> request) {
    MutableHttpResponse<byte[]> response =
        new ConditionalHeaders(request.getHeaders()).isFresh(tag)
            ? HttpResponse.notModified()
            : HttpResponse.ok(bytes).contentType(type);
    return response
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        // Weak, since the bytes on the wire may be compressed.
        .header(HttpHeaders.ETAG, tag);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
