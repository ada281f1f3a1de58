package dev.taskport.adapter.postgres.database;

import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the times in which the database can't answer: one line when such a time begins, with the
 * cause, and one when it is over, with the number of refused calls. It is over when a call succeeds
 * and none was refused for five seconds. Thread-safe.
 */
@Singleton
public final class Outages {
  private static final Logger LOG = LoggerFactory.getLogger(Outages.class);

  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Pattern ADDRESS = Pattern.compile("jdbc:postgresql://([^/?]*).*");

  private final String hosts;
  private final LongSupplier nanoTime;
  private final Map<Reason, Outage> outages = new EnumMap<>(Reason.class);
  private volatile boolean none = true;

  @Inject
  Outages(@Value("${datasources.default.url}") String jdbcUrl) {
    this(jdbcUrl, System::nanoTime);
  }

  /** With a clock that a test moves. */
  Outages(String jdbcUrl, LongSupplier nanoTime) {
    Matcher address = ADDRESS.matcher(jdbcUrl);
    this.hosts = address.matches() ? address.group(1) : "local";
    this.nanoTime = nanoTime;
  }

  /** Records that a call was refused. */
  public void refused(StoreUnavailableException failure) {
    record(failure, 1);
  }

  /** Records that the database was asked for its health, and could not answer. */
  void noticed(StoreUnavailableException failure) {
    record(failure, 0);
  }

  private synchronized void record(StoreUnavailableException failure, int calls) {
    Outage outage = outages.get(failure.reason());
    if (outage == null) {
      outage = new Outage(nanoTime.getAsLong());
      outages.put(failure.reason(), outage);
      none = false;
      LOG.warn("{} ({}): {}", sentence(failure.reason()), hosts, words(failure));
    }
    outage.calls += calls;
    outage.last = nanoTime.getAsLong();
  }

  /**
   * Records that a call succeeded.
   *
   * @param wrote whether the database has stored something, so that its disk is not full
   */
  public void answered(boolean wrote) {
    if (!none) {
      end(wrote);
    }
  }

  private synchronized void end(boolean wrote) {
    long now = nanoTime.getAsLong();
    for (Reason reason : Reason.values()) {
      Outage outage = outages.get(reason);
      if (outage != null && now - outage.last > CALM_NANOS && (wrote || reason != Reason.FULL)) {
        outages.remove(reason);
        LOG.info(
            "Over after {} s, {} calls were refused: {}",
            TimeUnit.NANOSECONDS.toSeconds(outage.last - outage.begin),
            outage.calls,
            sentence(reason));
      }
    }
    none = outages.isEmpty();
  }

  private static String sentence(Reason reason) {
    return switch (reason) {
      case UNREACHABLE -> "The database is down";
      case BUSY -> "The database is too busy";
      case FULL -> "The database's disk is full";
    };
  }

  /** The message, and that of the driver or the server. */
  private static String words(StoreUnavailableException failure) {
    String message = String.valueOf(failure.getMessage());
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = cause.getMessage();
    return reason == null || message.contains(reason) ? message : message + ": " + reason;
  }

  private static final class Outage {
    private final long begin;
    private long last;
    private long calls;

    Outage(long begin) {
      this.begin = begin;
    }
  }
}
