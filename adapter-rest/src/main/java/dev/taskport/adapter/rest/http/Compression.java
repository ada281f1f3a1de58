package dev.taskport.adapter.rest.http;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.MediaType;
import io.micronaut.http.server.netty.DefaultHttpCompressionStrategy;
import io.micronaut.http.server.netty.HttpCompressionStrategy;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import jakarta.inject.Singleton;

/**
 * Compresses texts on the event loop, those that come in pieces and those of one piece. A longer
 * one would hold up other connections: whoever makes it compresses it ({@link Gzip}).
 *
 * <p>Answers with a strong entity tag stay as they are: it identifies the exact bytes, and clients
 * send it back in {@code If-Match}. So do events, which would wait in the compressor.
 */
@Singleton
@Replaces(DefaultHttpCompressionStrategy.class)
final class Compression implements HttpCompressionStrategy {
  /** In bytes. Compressing shorter texts saves too little. */
  private static final int THRESHOLD = 1024;

  /** In bytes: what takes about a millisecond. */
  private static final int MOST = 64 * 1024;

  private static final int STREAM = -1;

  @Override
  public boolean shouldCompress(HttpResponse response) {
    if (EntityTag.isStrong(response.headers().get(HttpHeaderNames.ETAG))) {
      return false;
    }
    String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
    long length = HttpUtil.getContentLength(response, (long) STREAM);
    return (length == STREAM || (length >= THRESHOLD && length <= MOST))
        && type != null
        && (type.equals(MediaType.APPLICATION_JSON) || MediaType.isTextBased(type))
        && !type.startsWith(MediaType.TEXT_EVENT_STREAM);
  }

  @Override
  public int getMaxZstdEncodeSize() {
    return 32 * 1024 * 1024;
  }
}
