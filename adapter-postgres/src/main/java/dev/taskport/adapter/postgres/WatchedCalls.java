package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.database.Outages;
import dev.taskport.adapter.postgres.database.StoreTraces;
import dev.taskport.adapter.postgres.database.StoreTraces.OpenSpan;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows the calls of the ports. It tells {@link Outages} their results and, if there is a
 * registry, measures their times by operation (the method's name) and outcome; if there is a
 * tracer, each is a span. It uses proxies, so that new methods of a port are followed, too.
 */
@Factory
final class WatchedCalls {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private static final Set<String> WRITES =
      Set.of("create", "change", "delete", "restore", "deletePermanently");

  private final Outages outages;
  private final @Nullable MeterRegistry registry;
  private final @Nullable StoreTraces traces;
  private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

  WatchedCalls(Outages outages, @Nullable MeterRegistry registry, @Nullable StoreTraces traces) {
    this.outages = outages;
    this.registry = registry;
    this.traces = traces;
  }

  @Singleton
  @Primary
  TaskRepository repository(PostgresTaskRepository tasks) {
    return watched(TaskRepository.class, tasks);
  }

  @Singleton
  @Primary
  TaskChangeLog changeLog(PostgresTaskChangeLog log) {
    return watched(TaskChangeLog.class, log);
  }

  /** A span belongs to one thread: with a tracer, so does a call. */
  @Singleton
  @Primary
  AsyncTaskRepository async(
      PostgresAsyncTaskRepository async,
      TaskRepository tasks,
      TaskChangeLog log,
      @Named(TaskExecutors.BLOCKING) ExecutorService threads) {
    return traces == null
        ? watched(AsyncTaskRepository.class, async)
        : PostgresAsyncTaskRepository.onThreads(threads, tasks, log);
  }

  @Singleton
  @Primary
  LogMarks marks(PostgresTaskChangeLog log) {
    return watched(LogMarks.class, log);
  }

  @Singleton
  @Primary
  TaskTrash trash(PostgresTaskTrash trash) {
    return watched(TaskTrash.class, trash);
  }

  private <P> P watched(Class<P> port, P store) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) ->
                traces == null
                    ? call(store, method, arguments, null)
                    : traced(traces, port, store, method, arguments)));
  }

  private @Nullable Object traced(
      StoreTraces traces, Class<?> port, Object store, Method method, Object[] arguments)
      throws Throwable {
    try (OpenSpan span = traces.call(port.getSimpleName() + "." + method.getName())) {
      return call(store, method, arguments, span);
    }
  }

  private @Nullable Object call(
      Object store, Method method, Object[] arguments, @Nullable OpenSpan span) throws Throwable {
    long start = System.nanoTime();
    Object result;
    try {
      result = method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      ended(method, start, e.getCause(), span);
      throw e.getCause();
    }
    if (result instanceof CompletionStage<?> later) {
      return later.whenComplete((value, failure) -> ended(method, start, cause(failure), null));
    }
    ended(method, start, null, span);
    return result;
  }

  /** What the call failed with: a stage that follows another one wraps it. */
  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private void ended(
      Method method, long start, @Nullable Throwable failure, @Nullable OpenSpan span) {
    String outcome = failure == null ? "done" : "failed";
    if (failure == null) {
      outages.answered(WRITES.contains(method.getName()));
    } else if (failure instanceof StoreUnavailableException unavailable) {
      outcome = unavailable.reason().name().toLowerCase(Locale.ROOT);
      outages.refused(unavailable);
    }
    if (span != null && failure != null) {
      span.failed(outcome);
    }
    if (registry != null) {
      Timer timer = timers.get(new Kind(method.getName(), outcome));
      (timer == null ? timer(registry, method.getName(), outcome) : timer)
          .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
  }

  private Timer timer(MeterRegistry to, String operation, String outcome) {
    Timer timer =
        Timer.builder("taskport.store.calls")
            .description("Calls of the store, with the wait for a connection")
            .tag("operation", operation)
            .tag("outcome", outcome)
            .serviceLevelObjectives(BUCKETS)
            .register(to);
    timers.put(new Kind(operation, outcome), timer);
    return timer;
  }

  private record Kind(String operation, String outcome) {}
}
