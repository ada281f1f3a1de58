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
import io.netty.handler.codec.http2.Http2ConnectionHandler;
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

  /** How many requests of one HTTP/2 connection are carried out at once, about as browsers had. */
  private static final int STREAMS_AT_ONCE = 8;

  private final int most;
  private final Duration requestDeadline;
  private final long bytesPerSecond;
  private final Duration allowance;
  private final int streamsAtOnce;
  private final BytesInFlight inFlight;
  private final HttpDecoderConfig decoding;
  private final StreamIntake.RequestLimits requests;
  private final AtomicInteger open = new AtomicInteger();

  ConnectionLimits(
      @Value("${taskport.http.max-connections:10000}") int most,
      @Value("${taskport.http.request-deadline:30s}") Duration requestDeadline,
      @Value("${taskport.http.min-bytes-per-second:1024}") long bytesPerSecond,
      @Value("${taskport.http.slow-reader-allowance:60s}") Duration allowance,
      @Value("${taskport.http.concurrent-requests:100}") int concurrentRequests,
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
    this.streamsAtOnce = Math.max(1, Math.min(STREAMS_AT_ONCE, concurrentRequests / 2));
    this.requests =
        new StreamIntake.RequestLimits(
            server.getMaxInitialLineLength(),
            server.getMaxHeaderSize(),
            server.getMaxRequestSize(),
            requestDeadline.toMillis());
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
        codec,
        "answer-flow",
        new AnswerFlow(new LeastRate(bytesPerSecond), allowance, inFlight, sequential::answered));
  }

  /** What the streams of a new connection share. */
  SharedByStreams shared() {
    return new SharedByStreams(new StreamPlaces(streamsAtOnce), new LeastRate(bytesPerSecond));
  }

  /** Puts the guard of the frames into the pipeline of a connection of HTTP/2. */
  void installGuard(
      ChannelPipeline pipeline, Http2ConnectionHandler codec, SharedByStreams shared) {
    FrameGuard guard = new FrameGuard(requestDeadline, shared.rate());
    pipeline.addBefore(ChannelPipelineCustomizer.HANDLER_HTTP2_CONNECTION, "frame-guard", guard);
    pipeline.addLast("frame-rest", guard.rest(codec));
  }

  /** Puts the intake and the flow of the answer into the pipeline of an HTTP/2 stream. */
  void installStream(ChannelPipeline pipeline, SharedByStreams shared) {
    String codec = ChannelPipelineCustomizer.HANDLER_HTTP_DECODER;
    pipeline.channel().config().setWriteBufferWaterMark(WRITE_BUFFER);
    pipeline.addAfter(
        codec, "stream-intake", new StreamIntake(requests, inFlight, shared.places()));
    pipeline.addAfter(
        "stream-intake",
        "answer-flow",
        new AnswerFlow(shared.rate(), allowance, inFlight, () -> {}));
  }

  record SharedByStreams(StreamPlaces places, LeastRate rate) {}
}
