package dev.taskport.adapter.rest.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Sets the headers of every answer: the time, and those that protect browsers and caches. It is a
 * Netty handler, because Micronaut's filters see neither preflights nor the answer to a request
 * that can't be decoded. It has no state of its own.
 */
final class CommonHeaders extends ChannelOutboundHandlerAdapter {
  private static final AsciiString CONTENT_TYPE_OPTIONS =
      AsciiString.cached("X-Content-Type-Options");

  private static final AsciiString NO_SNIFF = AsciiString.cached("nosniff");

  private static final AsciiString REFERRER_POLICY = AsciiString.cached("Referrer-Policy");

  private static final AsciiString NO_REFERRER = AsciiString.cached("no-referrer");

  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

  /**
   * Allows nothing, because an answer is not a page. The documentation's pages set their own
   * policy.
   */
  private static final AsciiString CONTENT_SECURITY_POLICY =
      AsciiString.cached("default-src 'none'; frame-ancestors 'none'");

  /** A browser's cache may keep a user's tasks, but must revalidate them before use. */
  private static final AsciiString CACHE_CONTROL = AsciiString.cached("private, no-cache");

  /** For a year, browsers use TLS only. */
  private static final String STRICT_TRANSPORT_SECURITY = "max-age=31536000";

  /** The time of the last answers, in whole seconds, and how {@code Date} writes it. */
  private static volatile Written lastDate = new Written(0, AsciiString.EMPTY_STRING);

  private record Written(long second, AsciiString date) {}

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response
        && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      add(response.headers(), isTls(context.channel()));
    }
    var unused = context.write(message, promise);
  }

  private static boolean isTls(Channel channel) {
    Channel connection = channel instanceof Http2StreamChannel ? channel.parent() : channel;
    return connection.pipeline().get(SslHandler.class) != null;
  }

  private static void add(HttpHeaders headers, boolean tls) {
    headers.set(HttpHeaderNames.DATE, date());
    headers.set(CONTENT_TYPE_OPTIONS, NO_SNIFF);
    headers.set(REFERRER_POLICY, NO_REFERRER);
    setIfAbsent(headers, HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    setIfAbsent(headers, HttpHeaderNames.CACHE_CONTROL, CACHE_CONTROL);
    if (tls) {
      headers.set("Strict-Transport-Security", STRICT_TRANSPORT_SECURITY);
    }
  }

  /** RFC 9110, 6.6.1. Written once a second, since many answers have the same. */
  private static AsciiString date() {
    long second = Instant.now().getEpochSecond();
    Written written = lastDate;
    if (written.second != second) {
      OffsetDateTime time = Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC);
      written = new Written(second, AsciiString.of(IMF_FIXDATE.format(time)));
      lastDate = written;
    }
    return written.date;
  }

  private static void setIfAbsent(HttpHeaders headers, CharSequence name, AsciiString value) {
    if (!headers.contains(name)) {
      headers.set(name, value);
    }
  }
}
