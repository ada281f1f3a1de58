package dev.taskport.adapter.rest.http;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What connections may cost: how many there are, and what each may hold. Thread-safe. */
@Singleton
final class ConnectionLimits {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

  /**
   * In bytes, of the socket's own buffer. With the system's default, megabytes, nobody could tell
   * for minutes whether a slow client reads.
   */
  private static final int SEND_BUFFER = 32 * 1024;

  /** In bytes, at a time: what follows a request waits here, undecoded. */
  private static final int READ_BUFFER = 16 * 1024;

  private static final WriteBufferWaterMark WRITE_BUFFER =
      new WriteBufferWaterMark(AnswerFlow.PIECE, 2 * AnswerFlow.PIECE);

  private final int most;
  private final Duration requestDeadline;
  private final long bytesPerSecond;
  private final Duration allowance;
  private final BytesInFlight inFlight;
  private final HttpDecoderConfig decoding;
  private final AtomicInteger open = new AtomicInteger();

  ConnectionLimits(
      @Value("${taskport.http.max-connections:10000}") int most,
      @Value("${taskport.http.request-deadline:30s}") Duration requestDeadline,
      @Value("${taskport.http.min-bytes-per-second:1024}") long bytesPerSecond,
      @Value("${taskport.http.slow-reader-allowance:60s}") Duration allowance,
      BytesInFlight inFlight,
      NettyHttpServerConfiguration server) {
    this.most = most;
    this.requestDeadline = requestDeadline;
    this.bytesPerSecond = bytesPerSecond;
    this.allowance = allowance;
    this.inFlight = inFlight;
    this.decoding =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(server.getMaxInitialLineLength())
            .setMaxHeaderSize(server.getMaxHeaderSize())
            .setMaxChunkSize(server.getMaxChunkSize())
            .setInitialBufferSize(server.getInitialBufferSize());
  }

  /** Counts a new connection, or closes it if there are too many. */
  void accept(Channel connection) {
    int number = open.incrementAndGet();
    connection.closeFuture().addListener(closed -> open.decrementAndGet());
    if (number > most) {
      if (number == most + 1) {
        LOG.warn("There are {} connections; more are refused", most);
      }
      var unused = connection.close();
      return;
    }
    connection.pipeline().addFirst("orderly-close", OrderlyClose.INSTANCE);
    connection.config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER);
    connection.config().setWriteBufferWaterMark(WRITE_BUFFER);
    connection
        .config()
        .setRecvByteBufAllocator(
            new AdaptiveRecvByteBufAllocator(64, 2048, READ_BUFFER).maxMessagesPerRead(1));
  }

  /** Puts the codec and the flow of answers into the pipeline of a connection of HTTP/1. */
  void install(ChannelPipeline pipeline) {
    String codec = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
    SequentialCodec sequential = new SequentialCodec(decoding, requestDeadline, inFlight);
    pipeline.replace(codec, codec, sequential);
    pipeline.addAfter(
        codec, "answer-flow", new AnswerFlow(bytesPerSecond, allowance, inFlight, sequential));
  }
}
