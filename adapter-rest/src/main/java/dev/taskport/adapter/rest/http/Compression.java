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
 * Compresses longer texts, but nothing that has an entity tag: a strong tag stands for the very
 * bytes, and a client sends it back in {@code If-Match}.
 */
@Singleton
@Replaces(DefaultHttpCompressionStrategy.class)
final class Compression implements HttpCompressionStrategy {
  /** In bytes; less isn't worth it. */
  private static final int THRESHOLD = 1024;

  @Override
  public boolean shouldCompress(HttpResponse response) {
    String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
    long length = HttpUtil.getContentLength(response, Long.MAX_VALUE); // streams tell none
    return type != null
        && MediaType.isTextBased(type)
        && length >= THRESHOLD
        && !response.headers().contains(HttpHeaderNames.ETAG);
  }

  @Override
  public int getMaxZstdEncodeSize() {
    return 32 * 1024 * 1024;
  }
}
