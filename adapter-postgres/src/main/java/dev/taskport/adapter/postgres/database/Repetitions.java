package dev.taskport.adapter.postgres.database;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts how often statements are repeated, if there is a registry. Thread-safe. */
@Singleton
final class Repetitions {
  /** Why a statement is repeated. */
  enum Reason {
    /** The pool had no connection for it yet. */
    NO_CONNECTION,
    /** The server rolled it back because of concurrent ones. */
    CONFLICT,
    /** The server is no longer the primary. */
    READ_ONLY,
    /** The connection was lost. */
    LOST
  }

  private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

  Repetitions(@Nullable MeterRegistry registry) {
    if (registry != null) {
      for (Reason reason : Reason.values()) {
        counters.put(
            reason,
            Counter.builder("taskport.statements.repeated")
                .description("Statements that were tried again")
                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                .register(registry));
      }
    }
  }

  void count(Reason reason) {
    Counter counter = counters.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }
}
