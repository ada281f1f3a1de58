package dev.taskport.adapter.rest.http;

import io.micronaut.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** The content coding gzip (RFC 9110, 8.4.1.3), for what is too long for the event loop to code. */
public final class Gzip {
  public static final String NAME = "gzip";

  private static final Pattern COMMA = Pattern.compile(",");

  private Gzip() {}

  /**
   * Whether the client accepts it: {@code Accept-Encoding} names it, or {@code *}, without a q of
   * 0.
   */
  public static boolean isAccepted(HttpHeaders headers) {
    boolean any = false;
    for (String line : headers.getAll(HttpHeaders.ACCEPT_ENCODING)) {
      for (String range : COMMA.split(line, -1)) {
        String name = range.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        if (name.equals(NAME) || name.equals("x-gzip")) {
          return !QualityZero.is(range);
        }
        any |= name.equals("*") && !QualityZero.is(range);
      }
    }
    return any;
  }

  public static byte[] compress(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
