package dev.taskport.adapter.rest.operation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service's connections to its clients. Thread-safe. */
@Singleton
public final class Connections implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  private static final long ROUND_MILLIS = 20;

  private final ChannelGroup listeners = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Draining draining;
  private final List<RequestObserver> observers;
  private final @Nullable RequestTraces traces;

  Connections(
      Draining draining,
      List<RequestObserver> observers,
      @Nullable RequestTraces traces,
      @Nullable MeterRegistry registry) {
    this.draining = draining;
    this.observers = observers;
    this.traces = traces;
    if (registry != null) {
      Gauge.builder("taskport.connections", connections, ChannelGroup::size)
          .description("Open connections of clients")
          .register(registry);
    }
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    NettyServerCustomizer.Registry registry = event.getBean();
    registry.register(new Customizer(null));
    return registry;
  }

  /**
   * Accepts no more connections, and closes those that exist: at once if they have been quiet for a
   * second, otherwise with the next answer; those of HTTP/2 a second after their clients were asked
   * to go, or with the last answer. {@link Draining#begin} must come first.
   *
   * @param grace how long a request under way may take; what is left then is not closed here
   * @return whether all connections are closed
   */
  public boolean close(Duration grace) throws InterruptedException {
    long deadline = System.nanoTime() + grace.toNanos();
    listeners.close().await();
    while (!connections.isEmpty() && System.nanoTime() < deadline) {
      connections.forEach(Connections::closeIfQuiet);
      connections.newCloseFuture().await(ROUND_MILLIS);
    }
    return connections.isEmpty();
  }

  private static void closeIfQuiet(Channel channel) {
    ChannelHandlerContext http2 = channel.pipeline().context(GoAwayHandler.class);
    ChannelHandlerContext http1 = channel.pipeline().context(ConnectionHandler.class);
    if (http2 != null) {
      http2.executor().execute(() -> ((GoAwayHandler) http2.handler()).close(http2));
    } else if (http1 != null) {
      http1.executor().execute(() -> ((ConnectionHandler) http1.handler()).closeIfQuiet(http1));
    } else { // it has not finished the TLS handshake
      var unused = channel.close();
    }
  }

  /** For the listener, a connection, or an HTTP/2 stream. */
  private final class Customizer implements NettyServerCustomizer {
    private final @Nullable Channel channel;

    Customizer(@Nullable Channel channel) {
      this.channel = channel;
    }

    @Override
    public NettyServerCustomizer specializeForChannel(Channel newChannel, ChannelRole role) {
      if (role == ChannelRole.LISTENER) {
        listeners.add(newChannel);
        return this;
      }
      if (role == ChannelRole.CONNECTION) {
        connections.add(newChannel);
      }
      return new Customizer(newChannel);
    }

    @Override
    public void onInitialPipelineBuilt() {
      String codec = ChannelPipelineCustomizer.HANDLER_HTTP2_CONNECTION;
      if (channel != null
          && channel.pipeline().get(codec) instanceof Http2ConnectionHandler http2) {
        channel.pipeline().addAfter(codec, "connection", new GoAwayHandler(draining, http2));
      }
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (channel == null) {
        return;
      }
      ChannelPipeline pipeline = channel.pipeline();
      ConnectionHandler handler = new ConnectionHandler(draining, observers, traces);
      String http1 = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
      if (pipeline.get(http1) != null) {
        pipeline.addBefore(http1, "connection-arrivals", handler.arrivals());
        pipeline.addAfter(http1, "connection", handler);
      } else if (channel instanceof Http2StreamChannel) {
        pipeline.addAfter(ChannelPipelineCustomizer.HANDLER_HTTP_DECODER, "connection", handler);
      }
    }
  }
}
