package dev.taskport.adapter.postgres.batch;

import dev.taskport.adapter.postgres.database.Lookout;
import dev.taskport.adapter.postgres.database.Statements;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private final Lookout lookout = Lookout.begin("database-waits", INTERVAL, this::look);

  /**
   * @param on whether batches form; otherwise each operation runs by its plain statement
   * @param width how many statements of a kind run at once, unless they take longer than the
   *     patience
   * @param patience how long an operation waits for the statement before it; then another begins
   * @param ofOne whether one operation that had to wait runs by the statement of batches, too
   */
  Batches(
      Statements statements,
      @Nullable MeterRegistry registry,
      @Value("${taskport.batches.on:true}") boolean on,
      @Value("${taskport.batches.width:1}") int width,
      @Value("${taskport.batches.patience:2ms}") Duration patience,
      @Value("${taskport.batches.of-one:false}") boolean ofOne) {
    this.statements = statements;
    this.registry = registry;
    this.on = on;
    this.width = width;
    this.patience = patience;
    this.ofOne = ofOne;
  }

  /**
   * A lane for operations of one kind.
   *
   * @param name the kind, for the metric
   */
  public <O extends Operation, R> Lane<O, R> lane(String name, Work<O, R> work) {
    Lane<O, R> lane =
        new Lane<>(statements, work, on, width, patience, ofOne, sizes(name), lookout);
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
