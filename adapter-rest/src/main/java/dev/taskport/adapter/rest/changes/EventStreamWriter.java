package dev.taskport.adapter.rest.changes;

import dev.taskport.adapter.rest.http.RequestIntake;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.ChannelHandlerContext;
import jakarta.inject.Singleton;
import java.io.OutputStream;
import java.util.concurrent.ThreadLocalRandom;

/** Connects a stream with the request's connection. */
@Singleton
@Produces(MediaType.TEXT_EVENT_STREAM)
final class EventStreamWriter implements ResponseBodyWriter<EventStream> {
  /** In milliseconds. Spread, because an instance that stops ends all its streams at once. */
  private static final int LEAST_RETRY = 1000;

  private static final int MOST_RETRY = 3000;

  private final EventStreams streams;
  private final EventSettings settings;

  EventStreamWriter(EventStreams streams, EventSettings settings) {
    this.streams = streams;
    this.settings = settings;
  }

  @Override
  public CloseableByteBody writePiece(
      ByteBodyFactory factory,
      HttpRequest<?> request,
      HttpResponse<?> response,
      Argument<EventStream> type,
      MediaType mediaType,
      EventStream stream) {
    if (RequestIntake.isHead(request)) {
      return factory.createEmpty();
    }
    ChannelHandlerContext context = ((NettyHttpRequest<?>) request).getChannelHandlerContext();
    int retry = ThreadLocalRandom.current().nextInt(LEAST_RETRY, MOST_RETRY);
    EventConnection connection =
        new EventConnection(
            context,
            factory.readBufferFactory(),
            "retry: " + retry + "\n\n" + (stream.reset() ? EventPage.RESET : ""),
            settings.heartbeat(),
            stream.lifetime(),
            () -> streams.add(stream),
            () -> streams.remove(stream));
    stream.connect(connection);
    return factory.adapt(connection);
  }

  /** Not used: for a response, the framework calls {@link #writePiece}. */
  @Override
  public void writeTo(
      Argument<EventStream> type,
      MediaType mediaType,
      EventStream stream,
      MutableHeaders headers,
      OutputStream out) {
    throw new UnsupportedOperationException("Events are written to responses");
  }
}
