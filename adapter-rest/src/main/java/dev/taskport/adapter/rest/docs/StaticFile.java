package dev.taskport.adapter.rest.docs;

import dev.taskport.adapter.rest.http.ConditionalHeaders;
import dev.taskport.adapter.rest.http.Gzip;
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

/**
 * A file that is the same for all clients, with its entity tag for caches. It is compressed once,
 * when it is made.
 */
final class StaticFile {
  /** In bytes. Compressing shorter texts saves too little. */
  private static final int THRESHOLD = 1024;

  private final byte[] bytes;
  private final byte[] compressed;
  private final MediaType type;
  private final String cacheControl;
  private final String tag;

  /** A file that may change with the next version: caches must ask each time. */
  StaticFile(byte[] bytes, MediaType type) {
    this(bytes, type, "no-cache");
  }

  private StaticFile(byte[] bytes, MediaType type, String cacheControl) {
    this.bytes = bytes;
    this.compressed = bytes.length < THRESHOLD ? bytes : Gzip.compress(bytes);
    this.type = type;
    this.cacheControl = cacheControl;
    tag = "W/\"" + HexFormat.of().formatHex(sha256(bytes), 0, 8) + '"';
  }

  /** A file that never changes under its path. */
  static StaticFile forGood(byte[] bytes, MediaType type) {
    return new StaticFile(bytes, type, "public, max-age=31536000, immutable");
  }

  /** The bytes of a file on the class path, if there is one. */
  static Optional<byte[]> read(String path) {
    try (InputStream file = StaticFile.class.getResourceAsStream(path)) {
      return file == null ? Optional.empty() : Optional.of(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers with the file, or with 304 if the client's copy is current. */
  MutableHttpResponse<byte[]> answer(HttpRequest<?> request) {
    MutableHttpResponse<byte[]> response =
        new ConditionalHeaders(request.getHeaders()).isFresh(tag)
            ? HttpResponse.notModified()
            : whole(request);
    response
        .header(HttpHeaders.CACHE_CONTROL, cacheControl)
        // Weak, since the bytes on the wire may be compressed.
        .header(HttpHeaders.ETAG, tag);
    return compressed == bytes
        ? response
        : response.header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
  }

  private MutableHttpResponse<byte[]> whole(HttpRequest<?> request) {
    return compressed != bytes && Gzip.isAccepted(request.getHeaders())
        ? HttpResponse.ok(compressed)
            .contentType(type)
            .header(HttpHeaders.CONTENT_ENCODING, Gzip.NAME)
        : HttpResponse.ok(bytes).contentType(type);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
