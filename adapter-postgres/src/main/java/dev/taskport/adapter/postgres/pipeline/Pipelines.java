package dev.taskport.adapter.postgres.pipeline;

import dev.taskport.adapter.postgres.database.FurtherConnections;
import dev.taskport.adapter.postgres.database.Lookout;
import io.micronaut.http.netty.channel.EventLoopGroupConfiguration;
import io.micronaut.http.netty.channel.EventLoopGroupFactory;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.micronaut.http.netty.channel.NettyChannelType;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipelines of the event loops that serve the clients: one for each, at most four. There is
 * none where the connection is encrypted or leads through a pooler, nor while the server can't be
 * reached. Thread-safe.
 */
@Singleton
public final class Pipelines {
  private static final Logger LOG = LoggerFactory.getLogger(Pipelines.class);

  private static final int MOST = 4;

  private static final Duration INTERVAL = Duration.ofMillis(20);

  /** After one was closed, or could not be opened. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** After a slow statement. */
  private static final Duration REST = Duration.ofSeconds(1);

  /** Where there can't be any. */
  private static final Duration LONG_REST = Duration.ofMinutes(10);

  private final FurtherConnections connections;
  private final List<Place> places;
  private final Lookout lookout;
  private volatile boolean ended;
  private volatile long restsUntil = System.nanoTime();

  Pipelines(
      FurtherConnections connections,
      @Nullable EventLoopGroupRegistry groups,
      @Nullable EventLoopGroupFactory factory) {
    this.connections = connections;
    places = groups != null && factory != null ? places(groups, factory) : List.of();
    lookout = Lookout.begin("database-pipelines", INTERVAL, this::look);
  }

  private List<Place> places(EventLoopGroupRegistry groups, EventLoopGroupFactory factory) {
    String name = EventLoopGroupConfiguration.DEFAULT;
    EventLoopGroup group = groups.getEventLoopGroup(name).orElse(null);
    EventLoopGroupConfiguration settings = groups.getEventLoopGroupConfiguration(name).orElse(null);
    List<Place> made = new ArrayList<>();
    if (group != null && settings != null) {
      for (EventExecutor loop : group) {
        made.add(
            new Place(
                (EventLoop) loop,
                () -> factory.channelInstance(NettyChannelType.CLIENT_SOCKET, settings)));
      }
    }
    return List.copyOf(made);
  }

  /** Reads soon; null if it must be read in another way. */
  public <O, R> @Nullable CompletionStage<R> submit(PipelinedCall<O, R> call) {
    if (places.isEmpty() || isResting()) {
      return null;
    }
    Pipeline pipeline = place().ready();
    if (pipeline == null) {
      return null;
    }
    if (pipeline.loop().inEventLoop()) {
      pipeline.submit(call);
      return call;
    }
    return execute(pipeline, () -> pipeline.submit(call)) ? call : null;
  }

  /** Whether the loop takes the task. */
  private static boolean execute(Pipeline pipeline, Runnable task) {
    try {
      pipeline.loop().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("The event loop has ended", e);
      return false;
    }
  }

  /** Whether there is none, for now. */
  boolean isResting() {
    return ended || System.nanoTime() - restsUntil < 0;
  }

  private void rest(Duration time) {
    restsUntil = System.nanoTime() + time.toNanos();
  }

  /** Whether the first loop reads so now. */
  boolean isOpen() {
    return !places.isEmpty() && places.get(0).open() != null;
  }

  /** That of the loop that this thread is, or of another. */
  private Place place() {
    for (int i = 1; i < places.size(); i++) {
      if (places.get(i).loop.inEventLoop()) {
        return places.get(i % MOST);
      }
    }
    return places.get(0);
  }

  private boolean look() {
    boolean anyUsed = false;
    for (Place place : places) {
      Pipeline pipeline = place.pipeline;
      if (pipeline != null) {
        anyUsed |= pipeline.isUsed();
        if (pipeline.isLate()) {
          execute(pipeline, pipeline::closeAsLate);
        }
      }
    }
    return anyUsed;
  }

  @PreDestroy
  void close() {
    ended = true;
    lookout.close();
    for (Place place : places) {
      Pipeline pipeline = place.pipeline;
      if (pipeline != null) {
        execute(pipeline, () -> pipeline.close("The service ends"));
      }
    }
  }

  /** Where a pipeline is, or may be. */
  private final class Place implements Pipeline.Listener {
    private final EventLoop loop;
    private final Supplier<Channel> channels;
    private final AtomicBoolean opening = new AtomicBoolean();
    private volatile long pausesUntil = System.nanoTime();
    private volatile @Nullable Pipeline pipeline;

    Place(EventLoop loop, Supplier<Channel> channels) {
      this.loop = loop;
      this.channels = channels;
    }

    @Nullable Pipeline open() {
      Pipeline current = pipeline;
      return current != null && current.isOpen(connections.generation()) ? current : null;
    }

    /** The pipeline; if there is none, one is opened, and this is null. */
    @Nullable Pipeline ready() {
      Pipeline open = open();
      if (open == null
          && System.nanoTime() - pausesUntil > 0
          && connections.isSchemaReady()
          && opening.compareAndSet(false, true)) {
        Thread thread = new Thread(this::reopen, "database-connection");
        thread.setDaemon(true);
        thread.start();
      }
      return open;
    }

    private void reopen() {
      Pipeline before = pipeline;
      if (before != null) {
        // Nobody looks after it once another has its place.
        execute(before, () -> before.close("It is replaced"));
      }
      String key = UUID.randomUUID().toString();
      List<ChannelSocket> sockets = new CopyOnWriteArrayList<>();
      ChannelSocketFactory.register(
          key,
          () -> {
            ChannelSocket socket = new ChannelSocket(loop, channels);
            sockets.add(socket);
            return socket;
          });
      try {
        open(key, sockets);
      } catch (SQLFeatureNotSupportedException e) {
        rest(LONG_REST);
        LOG.debug("All reads wait for their answers on threads", e);
      } catch (SQLException | IOException | RuntimeException e) {
        LOG.debug("A connection for reads could not be opened", e);
      } finally {
        ChannelSocketFactory.forget(key);
        pause();
        opening.set(false);
      }
    }

    private void open(String key, List<ChannelSocket> sockets) throws SQLException, IOException {
      int generation = connections.generation();
      Connection login = connections.open(ChannelSocketFactory.class, key);
      try {
        // If the driver tried to encrypt first and then did not, the pool's connections may be.
        if (sockets.stream().anyMatch(ChannelSocket::isEncrypted)) {
          throw new SQLFeatureNotSupportedException("The connection is encrypted");
        }
        PgConnection driver = login.unwrap(PgConnection.class);
        Pipeline opened = new Pipeline(loop, driver, generation, this);
        sockets.get(sockets.size() - 1).handTo(opened);
        pipeline = opened;
        if (ended) {
          close();
        }
      } catch (SQLException | IOException | RuntimeException e) {
        try (login) {
          throw e;
        }
      }
    }

    private void pause() {
      pausesUntil = System.nanoTime() + PAUSE.toNanos();
    }

    @Override
    public void used() {
      lookout.wake();
    }

    @Override
    public void slow() {
      rest(REST);
    }

    @Override
    public void closed() {
      pause();
    }
  }
}
