package dev.taskport.adapter.postgres.pipeline;

import dev.taskport.adapter.postgres.database.FurtherConnections;
import dev.taskport.adapter.postgres.database.Lookout;
import dev.taskport.domain.UserId;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipelines of the event loops that serve the clients: one for reads and one for writes for
 * each, at most four. There is none where the connection is encrypted or leads through a pooler,
 * nor while the server can't be reached. Thread-safe.
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
  private final List<Place> reads;
  private final List<Place> writes;
  private final Set<Pipeline> all = ConcurrentHashMap.newKeySet();
  private final Lookout lookout;
  private volatile boolean ended;

  Pipelines(
      FurtherConnections connections,
      @Nullable EventLoopGroupRegistry groups,
      @Nullable EventLoopGroupFactory factory) {
    this.connections = connections;
    reads = groups != null && factory != null ? places(groups, factory, false) : List.of();
    writes = groups != null && factory != null ? places(groups, factory, true) : List.of();
    lookout = Lookout.begin("database-pipelines", INTERVAL, this::look);
  }

  private List<Place> places(
      EventLoopGroupRegistry groups, EventLoopGroupFactory factory, boolean forWrites) {
    String name = EventLoopGroupConfiguration.DEFAULT;
    EventLoopGroup group = groups.getEventLoopGroup(name).orElse(null);
    EventLoopGroupConfiguration settings = groups.getEventLoopGroupConfiguration(name).orElse(null);
    List<Place> made = new ArrayList<>();
    if (group != null && settings != null) {
      for (EventExecutor loop : group) {
        made.add(
            new Place(
                (EventLoop) loop,
                () -> factory.channelInstance(NettyChannelType.CLIENT_SOCKET, settings),
                forWrites));
      }
    }
    return List.copyOf(made);
  }

  /** Whether it is carried out so; if not, it must be carried out in another way. */
  public boolean submit(PipelinedCall<?, ?> call) {
    if (ended || reads.isEmpty()) {
      return false;
    }
    Place place = call.work().isWrite() ? placeOf(call.user()) : placeOfThisLoop();
    Pipeline pipeline = place.ready();
    if (pipeline == null) {
      return false;
    }
    if (pipeline.loop().inEventLoop()) {
      pipeline.submit(call);
      return true;
    }
    return execute(pipeline, () -> pipeline.submit(call));
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

  /** Whether the first loop has none, for now, and doesn't try to have one. */
  boolean isResting() {
    return reads.isEmpty() || reads.get(0).isResting();
  }

  /** Whether the first loop reads so now. */
  boolean isOpen() {
    return !reads.isEmpty() && reads.get(0).open() != null;
  }

  /** Whether the connection for what the user writes is asked for a sign of life before. */
  boolean isSilentForWritesOf(UserId user) {
    Pipeline pipeline = placeOf(user).open();
    return pipeline != null && pipeline.isSilent();
  }

  /** Whether what the user writes is written so now. */
  boolean isOpenForWritesOf(UserId user) {
    return !writes.isEmpty() && placeOf(user).open() != null;
  }

  /** That of the loop that this thread is, or of another. */
  private Place placeOfThisLoop() {
    for (int i = 1; i < reads.size(); i++) {
      if (reads.get(i).loop.inEventLoop()) {
        return reads.get(i % MOST);
      }
    }
    return reads.get(0);
  }

  /** The same for all writes of a user: they would lock each other out. */
  private Place placeOf(UserId user) {
    return writes.get(Math.floorMod(user.hashCode(), Math.min(writes.size(), MOST)));
  }

  private boolean look() {
    boolean anyUsed = false;
    for (Pipeline pipeline : all) {
      anyUsed |= pipeline.isUsed();
      if (pipeline.isLate()) {
        execute(pipeline, pipeline::late);
      }
    }
    return anyUsed;
  }

  @PreDestroy
  void close() {
    ended = true;
    all.removeIf(pipeline -> !execute(pipeline, () -> pipeline.end("The service ends")));
    endLookoutIfAllAreClosed();
  }

  private void endLookoutIfAllAreClosed() {
    if (ended && all.isEmpty()) {
      lookout.close();
    }
  }

  /** Where a pipeline is, or may be. */
  private final class Place implements Pipeline.Listener {
    private final EventLoop loop;
    private final Supplier<Channel> channels;
    private final boolean forWrites;
    private final AtomicBoolean opening = new AtomicBoolean();
    private volatile long pausesUntil = System.nanoTime();
    private volatile long restsUntil = System.nanoTime();
    private volatile @Nullable Pipeline pipeline;

    Place(EventLoop loop, Supplier<Channel> channels, boolean forWrites) {
      this.loop = loop;
      this.channels = channels;
      this.forWrites = forWrites;
    }

    @Nullable Pipeline open() {
      Pipeline current = pipeline;
      return current != null && current.isOpen(connections.generation()) ? current : null;
    }

    boolean isResting() {
      return System.nanoTime() - restsUntil < 0;
    }

    /** The pipeline; if there is none, one is opened, and this is null. */
    @Nullable Pipeline ready() {
      if (isResting()) {
        return null;
      }
      Pipeline open = open();
      if (open == null
          && System.nanoTime() - pausesUntil > 0
          && connections.isSchemaReady()
          && opening.compareAndSet(false, true)) {
        begin();
      }
      return open;
    }

    private void begin() {
      try {
        Thread thread = new Thread(this::reopen, "database-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (Error e) { // no further thread can be made
        LOG.debug("A connection of an event loop could not be opened", e);
        pause();
        opening.set(false);
      }
    }

    private void reopen() {
      Pipeline before = pipeline;
      if (before != null) {
        execute(before, () -> before.end("It is replaced"));
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
        LOG.debug("All calls wait for their answers on threads", e);
      } catch (SQLException | IOException | RuntimeException e) {
        LOG.debug("A connection of an event loop could not be opened", e);
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
        Pipeline opened = new Pipeline(loop, driver, forWrites, generation, this);
        all.add(opened);
        try {
          sockets.get(sockets.size() - 1).handTo(opened);
        } catch (IOException | RuntimeException e) {
          all.remove(opened);
          throw e;
        }
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

    private void rest(Duration time) {
      restsUntil = System.nanoTime() + time.toNanos();
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
    public void closed(Pipeline closed) {
      all.remove(closed);
      endLookoutIfAllAreClosed();
      pause();
    }
  }
}
