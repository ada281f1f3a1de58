package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Many callers at once. */
final class Race {
  /** How many callers act at once. */
  static final int CALLERS = 8;

  /** A wrong store may pass a single race by luck. */
  private static final int ROUNDS = 12;

  private static final AtomicInteger RACES = new AtomicInteger();

  private Race() {}

  /** Runs the race {@value #ROUNDS} times. */
  static void repeatedly(IntConsumer race) {
    for (int round = 0; round < ROUNDS; round++) {
      race.accept(round);
    }
  }

  /**
   * Runs each call on its own thread, starts them together, and returns their results in the order
   * of the callers. Who comes last to the start runs first, so each race lets another caller come
   * last.
   */
  static <T> List<T> atOnce(int callers, IntFunction<Callable<T>> call) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            callers,
            action -> {
              Thread thread = new Thread(action, "task-testkit");
              thread.setDaemon(true); // one that is stuck keeps nobody waiting
              return thread;
            });
    try {
      CyclicBarrier start = new CyclicBarrier(callers);
      int last = RACES.getAndIncrement();
      List<Future<T>> futures = new ArrayList<>(Collections.nCopies(callers, null));
      for (int i = 1; i <= callers; i++) {
        int caller = Math.floorMod(last + i, callers);
        Callable<T> task = call.apply(caller);
        futures.set(
            caller,
            threads.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while the callers ran", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError broken) {
        throw broken;
      }
      throw new AssertionError("Of many callers at once one met " + e.getCause(), e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * Many callers create a task with the same key and one of two contents. One of them must create
   * it. Those with the same content must get that task; those with the other must be refused.
   *
   * @param before how many tasks the user has before the race
   */
  static void ofCreations(TaskRepository repository, UserId user, IdempotencyKey key, int before) {
    List<Task> sent = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      Duration delay = Duration.ofSeconds(caller + 1);
      sent.add(aTask().of(user).called("Content " + caller % 2).createdAfter(delay).build());
    }
    List<CreateResult> results =
        atOnce(CALLERS, caller -> () -> repository.create(user, asNew(sent.get(caller)), key));

    List<Task> created =
        sent.stream().filter(task -> results.contains(new CreateResult.Created(task))).toList();
    assertEquals(
        1, created.size(), "create: of many creations with one key one is carried out: " + results);
    Task winner = created.get(0);
    List<Task> stored =
        repository.list(user, TaskQuery.newest(100)).stream()
            .filter(task -> task.createdAt().isAfter(CREATED))
            .toList();
    assertEquals(
        List.of(winner), stored, "list: of many creations with one key one task is stored");
    assertEquals(
        before + 1L,
        repository.summarize(user).total(),
        "summarize: of many creations with one key one task is stored");
    for (int caller = 0; caller < CALLERS; caller++) {
      boolean sameContent = sent.get(caller).content().equals(winner.content());
      results
          .get(caller)
          .match(
              won -> won,
              replayed -> {
                assertEquals(
                    new CreateResult.Replayed(winner),
                    replayed,
                    "create: a replay gives the task of the creation that was carried out");
                return sameContent
                    ? replayed
                    : fail("create: a key that came first with another content is refused");
              },
              keyReused ->
                  sameContent
                      ? fail("create: a key that came first with the same content is replayed")
                      : keyReused,
              exists -> fail("create: no id was taken, but the answer is " + exists));
    }
    Task retry = aTask().of(user).saying(winner.content()).build();
    assertEquals(
        new CreateResult.Replayed(winner),
        repository.create(user, asNew(retry), key),
        "create: the key is kept with the creation that was carried out");
  }
}
