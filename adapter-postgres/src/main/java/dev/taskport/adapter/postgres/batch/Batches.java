package dev.taskport.adapter.postgres.batch;

import dev.taskport.adapter.postgres.database.Lookout;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.pipeline.Pipelines;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes the lanes, and measures the sizes of their statements if there is a registry. */
@Singleton
public final class Batches {
  /** Shorter than any patience. */
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private final Statements statements;
  private final @Nullable MeterRegistry registry;
  private final boolean on;
  private final int width;
  private final Duration patience;
  private final boolean ofOne;
  private final List<Lane<?, ?>> lanes = new CopyOnWriteArrayList<>();
  private final ForkJoinPool threads;
  private final Pipelines pipelines;
  private final Lookout lookout = Lookout.begin("database-waits", INTERVAL, this::look);

  /**
   * @param on whether batches form; otherwise each operation runs by its plain statement
   * @param width how many statements of a kind run at once, unless they take longer than the
   *     patience
   * @param patience how long an operation waits for the statement before it; then another begins
   * @param ofOne whether one operation that had to wait runs by the statement of batches, too
   * @param poolSize the most connections
   */
  Batches(
      Statements statements,
      Pipelines pipelines,
      @Nullable MeterRegistry registry,
      @Value("${taskport.batches.on:true}") boolean on,
      @Value("${taskport.batches.width:1}") int width,
      @Value("${taskport.batches.patience:2ms}") Duration patience,
      @Value("${taskport.batches.of-one:false}") boolean ofOne,
      @Value("${datasources.default.maximum-pool-size}") int poolSize) {
    this.statements = statements;
    this.pipelines = pipelines;
    this.registry = registry;
    this.on = on;
    this.width = width;
    this.patience = patience;
    this.ofOne = ofOne;
    threads = threads(poolSize);
  }

  /**
   * Threads of the platform: they do nothing but wait for the server, at which virtual ones are no
   * cheaper. The one that was busy last is taken first, so that there are as few as possible, and
   * the pool gives each the connection that it had before.
   */
  static ForkJoinPool threads(int most) {
    AtomicInteger number = new AtomicInteger();
    return new ForkJoinPool(
        most,
        pool -> {
          ForkJoinWorkerThread thread =
              ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
          thread.setName("database-" + number.incrementAndGet());
          return thread;
        },
        null,
        /* asyncMode= */ true);
  }

  /**
   * A lane for operations of one kind.
   *
   * @param name the kind, for the metric
   */
  public <O extends Operation, R> Lane<O, R> lane(String name, Work<O, R> work) {
    Lane<O, R> lane =
        new Lane<>(
            statements, work, on, width, patience, ofOne, sizes(name), lookout, threads, pipelines);
    lanes.add(lane);
    return lane;
  }

  private boolean look() {
    boolean somebodyWaits = false;
    for (Lane<?, ?> lane : lanes) {
      somebodyWaits |= lane.look();
    }
    return somebodyWaits;
  }

  @PreDestroy
  void close() {
    lookout.close();
    threads.shutdown();
  }

  private @Nullable DistributionSummary sizes(String name) {
    return registry == null || !on
        ? null
        : DistributionSummary.builder("taskport.store.batches")
            .description("Operations that one statement carried out")
            .tag("operation", name)
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
            .register(registry);
  }
}
