package dev.taskport.adapter.rest.token;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Checks signatures on threads of their own: half as many as there are processors. After a
 * signature that is not valid, the thread rests three times as long as the check took, so that
 * forged tokens leave the processors to everybody else. Few checks may wait; more are refused at
 * once.
 */
@Bean(preDestroy = "stop")
@Singleton
@Requires(beans = TokenSettings.class)
final class SignatureChecks {
  private static final int WAITING = 100;

  private static final int REST = 3;
  private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  private final ThreadPoolExecutor threads;

  SignatureChecks() {
    int number = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    threads =
        new ThreadPoolExecutor(
            number,
            number,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING * number),
            task -> {
              Thread thread = new Thread(task, "signature-check");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** The result of a check; a {@link JwksUnavailableException} if too many are waiting. */
  Mono<Boolean> submit(Supplier<Boolean> check) {
    return Mono.fromFuture(() -> submitted(check))
        .onErrorMap(RejectedExecutionException.class, e -> new JwksUnavailableException());
  }

  private CompletableFuture<Boolean> submitted(Supplier<Boolean> check) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    threads.execute(
        () -> {
          long start = System.nanoTime();
          boolean valid = false;
          try {
            valid = check.get();
            result.complete(valid);
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
          if (!valid) {
            LockSupport.parkNanos(Math.min(REST * (System.nanoTime() - start), LONGEST_REST_NANOS));
          }
        });
    return result;
  }

  /** How many checks there have been. */
  long completed() {
    return threads.getCompletedTaskCount();
  }

  void stop() {
    threads.shutdown();
  }
}
