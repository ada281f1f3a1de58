package dev.taskport.adapter.rest.ratelimit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.ratelimit.RateLimits.Allowance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {
  private final HandClock clock = new HandClock();

  private RateLimits limits(int requests, Duration period) {
    return new RateLimits(requests, period, clock);
  }

  private static int granted(RateLimits limits, String client, int requests) {
    int granted = 0;
    for (int i = 0; i < requests; i++) {
      granted += limits.take(client).granted() ? 1 : 0;
    }
    return granted;
  }

  @Test
  void aClientMaySendTheWholeNumberAtOnceAndThenEvenly() {
    RateLimits limits = limits(60, Duration.ofMinutes(1));

    assertEquals(60, granted(limits, "ann", 100));
    clock.move(Duration.ofMillis(999));
    assertEquals(0, granted(limits, "ann", 100));
    clock.move(Duration.ofMillis(1));
    assertEquals(1, granted(limits, "ann", 100));
    clock.move(Duration.ofSeconds(30));
    assertEquals(30, granted(limits, "ann", 100));
    clock.move(Duration.ofHours(3));
    assertEquals(60, granted(limits, "ann", 100));
  }

  @Test
  void inAWholeDayItIsTheNumberForEachPeriodAndOneBurst() {
    RateLimits limits = limits(10, Duration.ofMinutes(1));
    int granted = 0;

    for (int second = 0; second < 86_400; second++) {
      granted += granted(limits, "ann", 2);
      clock.move(Duration.ofSeconds(1));
    }

    assertEquals(10 + 10 * 1440 - 1, granted, 1);
  }

  @Test
  void clientsDoNotShare() {
    RateLimits limits = limits(5, Duration.ofHours(1));

    assertEquals(5, granted(limits, "ann", 9));
    assertEquals(5, granted(limits, "bob", 9));
    assertEquals(0, granted(limits, "ann", 9));
  }

  @ParameterizedTest
  @CsvSource({
    "600, 60, 1, 599, 1",
    "600, 60, 600, 0, 1",
    "5, 3600, 1, 4, 720",
    "5, 3600, 5, 0, 720",
    "1, 1, 1, 0, 1",
    "7, 60, 7, 0, 9",
    "1000000, 1, 1, 999999, 1"
  })
  void theAnswerSaysHowManyAreLeftAndWhenThereIsOneMore(
      int requests, int seconds, int sent, int remaining, int next) {
    RateLimits limits = limits(requests, Duration.ofSeconds(seconds));
    granted(limits, "ann", sent - 1);

    Allowance last = limits.take("ann");

    assertEquals(new Allowance(true, remaining, next), last);
    assertEquals("\"default\";q=" + requests + ";w=" + seconds, limits.policy());
    clock.move(Duration.ofSeconds(next));
    assertTrue(limits.take("ann").granted());
  }

  @Test
  void afterTheSecondsThatARefusalSaysARequestIsGranted() {
    RateLimits limits = limits(7, Duration.ofMinutes(1));
    granted(limits, "ann", 7);
    for (int i = 0; i < 50; i++) {
      clock.move(Duration.ofMillis(1234));
      Allowance refusal = limits.take("ann");
      while (refusal.granted()) {
        refusal = limits.take("ann");
      }
      assertEquals(0, refusal.remaining());
      clock.move(Duration.ofSeconds(refusal.seconds() - 1));
      assertFalse(refusal.seconds() > 1 && limits.take("ann").granted());
      clock.move(Duration.ofSeconds(1));
      assertTrue(limits.take("ann").granted());
    }
  }

  @Test
  void whoeverIsQuietForAPeriodIsForgottenAndLosesNothing() {
    RateLimits limits = limits(3, Duration.ofMinutes(1));
    for (int i = 0; i < 1000; i++) {
      limits.take("client " + i);
    }
    assertEquals(1000, limits.entries());
    clock.move(Duration.ofMinutes(1));
    limits.take("ann");
    clock.move(Duration.ofMinutes(1));
    limits.take("bob");

    assertEquals(2, limits.entries());
  }

  @Test
  void whoeverGoesOnIsCountedOnAcrossPeriods() {
    RateLimits limits = limits(4, Duration.ofHours(1));
    assertEquals(4, granted(limits, "ann", 4));
    for (int quarter = 0; quarter < 40; quarter++) {
      assertEquals(0, granted(limits, "ann", 3));
      clock.move(Duration.ofMinutes(15));
      assertEquals(1, granted(limits, "ann", 3), "in quarter " + quarter);
    }
  }

  @Test
  void amongAMillionClientsFewAreRememberedAndTheOneThatGoesOnIs() {
    RateLimits limits = limits(2, Duration.ofHours(24));
    assertEquals(2, granted(limits, "ann", 5));
    long most = 0;
    for (int i = 0; i < 1_000_000; i++) {
      limits.take(i);
      most = Math.max(most, limits.entries());
      if (i % 20_000 == 0) {
        assertEquals(0, granted(limits, "ann", 3), "after " + i);
      }
    }

    assertTrue(most <= RateLimits.MOST, "There were " + most);
    assertTrue(most > RateLimits.MOST / 2, "There were only " + most);
  }

  @Test
  void requestsAtTheSameTimeAreAllCounted() throws Exception {
    RateLimits limits = limits(1000, Duration.ofHours(1));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Integer> many = () -> granted(limits, "ann", 500);
      List<Future<Integer>> results =
          threads.invokeAll(Stream.generate(() -> many).limit(8).toList());
      int granted = 0;
      for (Future<Integer> result : results) {
        granted += result.get();
      }
      assertEquals(1000, granted);
    } finally {
      threads.shutdownNow();
    }
  }
}
