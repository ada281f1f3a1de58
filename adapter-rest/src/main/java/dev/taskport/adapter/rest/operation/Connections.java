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
   * second, otherwise with the next answer. {@link Draining#begin} must come first.
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
    ChannelHandlerContext context = channel.pipeline().context(ConnectionHandler.class);
    if (context == null) { // it has not finished the TLS handshake
      var unused = channel.close();
    } else {
      context
          .executor()
          .execute(() -> ((ConnectionHandler) context.handler()).closeIfQuiet(context));
    }
  }

  private final class Customizer implements NettyServerCustomizer {
    private final @Nullable Channel connection;

    Customizer(@Nullable Channel connection) {
      this.connection = connection;
    }

    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      if (role == ChannelRole.LISTENER) {
        listeners.add(channel);
        return this;
      }
      connections.add(channel);
      return new Customizer(channel);
    }

    @Override
    public void onStreamPipelineBuilt() {
      String codec = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
      if (connection != null && connection.pipeline().get(codec) != null) {
        ChannelPipeline pipeline = connection.pipeline();
        ConnectionHandler handler = new ConnectionHandler(draining, observers, traces);
        pipeline.addBefore(codec, "connection-arrivals", handler.arrivals());
        pipeline.addAfter(codec, "connection", handler);
      }
    }
  }
}
