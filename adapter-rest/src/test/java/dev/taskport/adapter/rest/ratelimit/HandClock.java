package dev.taskport.adapter.rest.ratelimit;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The time of rate limits, which stands until it is moved. */
public final class HandClock implements TimeMeter {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE / 4);

  public void move(Duration by) {
    nanos.addAndGet(by.toNanos());
  }

  @Override
  public long currentTimeNanos() {
    return nanos.get();
  }

  @Override
  public boolean isWallClockBased() {
    return false;
  }
}
