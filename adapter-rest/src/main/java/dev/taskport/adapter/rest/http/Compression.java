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
 * Compresses longer texts, except answers with a strong entity tag. It identifies the exact bytes,
 * and clients send it back in {@code If-Match}.
 */
@Singleton
@Replaces(DefaultHttpCompressionStrategy.class)
final class Compression implements HttpCompressionStrategy {
  /** In bytes. Compressing shorter texts saves too little. */
  private static final int THRESHOLD = 1024;

  @Override
  public boolean shouldCompress(HttpResponse response) {
    String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
    long length = HttpUtil.getContentLength(response, Long.MAX_VALUE); // streams have no length
    return type != null
        && MediaType.isTextBased(type)
        && !type.startsWith(MediaType.TEXT_EVENT_STREAM) // a compressor would hold events back
        && length >= THRESHOLD
        && !EntityTag.isStrong(response.headers().get(HttpHeaderNames.ETAG));
  }

  @Override
  public int getMaxZstdEncodeSize() {
    return 32 * 1024 * 1024;
  }
}
