package dev.taskport.adapter.rest.token;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Checks signatures on threads of their own: half as many as there are processors, so that forged
 * tokens leave the other half to everybody else. About a tenth of a second of checks may wait; more
 * are refused at once.
 */
@Bean(preDestroy = "stop")
@Singleton
@Requires(beans = TokenSettings.class)
final class SignatureChecks {
  private static final int WAITING = 100;

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
    return Mono.fromFuture(() -> CompletableFuture.supplyAsync(check, threads))
        .onErrorMap(RejectedExecutionException.class, e -> new JwksUnavailableException());
  }

  /** How many checks there have been. */
  long completed() {
    return threads.getCompletedTaskCount();
  }

  void stop() {
    threads.shutdown();
  }
}
