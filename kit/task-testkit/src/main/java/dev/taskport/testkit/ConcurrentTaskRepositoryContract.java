package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskChange.SetCompleted;
import dev.taskport.domain.TaskChange.ToggleCompleted;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@link TaskRepository} promises to many callers at once. */
public interface ConcurrentTaskRepositoryContract {
  /** How many callers act at once. */
  int CALLERS = 8;

  /** The store under test. */
  TaskRepository repository();

  @Test
  default void togglesOfTheSameTaskAreNeverLost() {
    Task task = stored();

    atOnce(20, caller -> () -> change(task, new ToggleCompleted(), Precondition.NONE));

    Task after = repository().find(task.userId(), task.id()).orElseThrow();
    assertEquals(false, after.completed());
    assertEquals(21, after.version());
  }

  @Test
  default void ofManyDeletesOneFindsTheTask() {
    Task task = stored();

    List<WriteResult> results =
        atOnce(
            10, caller -> () -> repository().delete(task.userId(), task.id(), Precondition.NONE));

    assertEquals(1, countDone(results));
    assertEquals(9, results.stream().filter(WriteResult.NotFound.class::isInstance).count());
  }

  @Test
  default void ofManyWritersWithOneRevisionExactlyOneWins() {
    Task task = stored();
    Precondition precondition = new Precondition.RevisionIn(Set.of(task.revision()));

    List<WriteResult> results =
        atOnce(
            CALLERS,
            caller ->
                () ->
                    change(
                        task,
                        Edit.NOTHING.withTitle(Title.parse("Writer " + caller)),
                        precondition));

    Task after = repository().find(task.userId(), task.id()).orElseThrow();
    assertEquals(1, countDone(results));
    assertEquals(2, after.version());
    for (WriteResult result : results) {
      // The losers are told the state that beat them, never the one that they started from.
      assertEquals(
          after,
          result.match(
              WriteResult.Done::task,
              notFound -> fail("A writer was told that there is no task"),
              WriteResult.Stale::current));
    }
  }

  @Test
  default void ofManySettersOfOneStateOneModifiesAndAllSeeTheResult() {
    Task task = stored();

    List<WriteResult> results =
        atOnce(CALLERS, caller -> () -> change(task, new SetCompleted(true), Precondition.NONE));

    Task after = repository().find(task.userId(), task.id()).orElseThrow();
    assertEquals(2, after.version());
    for (WriteResult result : results) {
      assertEquals(new WriteResult.Done(after), result);
    }
  }

  @Test
  default void creationsWithOneKeyAtOnceMakeOneTask() {
    Task sample = aTask().build();
    IdempotencyKey key = IdempotencyKey.parse("one-intention");

    List<CreateResult> results =
        atOnce(
            CALLERS,
            caller ->
                () ->
                    repository()
                        .create(sample.userId(), asNew(aTask().of(sample.userId()).build()), key));

    List<Task> tasks = repository().list(sample.userId(), TaskQuery.newest(100));
    assertEquals(1, tasks.size());
    assertEquals(1, results.stream().filter(CreateResult.Created.class::isInstance).count());
    for (CreateResult result : results) {
      Task answered =
          result.match(
              CreateResult.Created::task,
              CreateResult.Replayed::task,
              keyReused -> fail("A creation was told that its key is another's"),
              exists -> fail("A creation was told that its id is taken"));
      assertEquals(tasks.get(0), answered);
    }
  }

  @Test
  default void creationsOfOneIdAtOnceMakeOneTask() {
    Task task = aTask().build();

    List<CreateResult> results =
        atOnce(CALLERS, caller -> () -> repository().create(task.userId(), asNew(task), null));

    assertEquals(1, results.stream().filter(CreateResult.Created.class::isInstance).count());
    assertEquals(List.of(task), repository().list(task.userId(), TaskQuery.newest(100)));
  }

  @Test
  default void aWalkMeetsWhatStaysExactlyOnceWhileOthersWrite() {
    UserId user = someUser();
    List<Task> staying = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      staying.add(aTask().of(user).createdAfter(Duration.ofSeconds(i / 4)).build());
    }
    staying.forEach(task -> repository().create(user, asNew(task), null));
    long seed = new Random().nextLong();
    AtomicInteger walkers = new AtomicInteger(CALLERS / 2);

    atOnce(
        CALLERS,
        caller ->
            () -> {
              if (caller % 2 == 0) {
                addChangeAndRemove(user, staying, new Random(seed + caller), walkers);
              } else {
                try {
                  assertMetOnce(staying, user, caller, "seed " + seed);
                } finally {
                  walkers.decrementAndGet();
                }
              }
              return caller;
            });
  }

  private void assertMetOnce(List<Task> staying, UserId user, int limit, String message) {
    List<TaskId> expected = staying.stream().map(Task::id).sorted().toList();
    for (int walk = 0; walk < 5; walk++) {
      List<TaskId> met = new ArrayList<>();
      TaskQuery query = TaskQuery.newest(limit);
      List<Task> page = repository().list(user, query);
      while (!page.isEmpty()) {
        page.stream().map(Task::id).forEach(met::add);
        Position end = query.order().positionOf(page.get(page.size() - 1));
        page = repository().list(user, query.from(new PageStart.After(end)));
      }
      met.retainAll(Set.copyOf(expected));
      assertEquals(expected, met.stream().sorted().toList(), message);
    }
  }

  /** Leaves the creation of the staying tasks alone, which the walk goes by. */
  private void addChangeAndRemove(
      UserId user, List<Task> staying, Random random, AtomicInteger walkers) {
    while (walkers.get() > 0) {
      Duration delay = Duration.ofMillis(random.nextInt(20_000));
      Task passing = aTask().of(user).createdAfter(delay).storedIn(repository());
      change(staying.get(random.nextInt(staying.size())), new ToggleCompleted(), Precondition.NONE);
      repository().delete(user, passing.id(), Precondition.NONE);
    }
  }

  @Test
  default void aRandomHistoryRaisesTheVersionOnceForEachModification() {
    Task task = stored();
    long seed = new Random().nextLong();

    List<List<WriteResult>> histories =
        atOnce(
            CALLERS,
            caller ->
                () -> {
                  Random random = new Random(seed + caller);
                  List<WriteResult> results = new ArrayList<>();
                  for (int step = 0; step < 25; step++) {
                    results.add(randomChange(task, random));
                  }
                  return results;
                });

    List<WriteResult> results = histories.stream().flatMap(List::stream).toList();
    Task after = repository().find(task.userId(), task.id()).orElseThrow();
    // Every modification is answered with a version of its own, so none overwrote another.
    long versions =
        results.stream()
            .flatMap(
                result ->
                    result.match(
                        done -> Stream.of(done.task().version()),
                        notFound -> Stream.empty(),
                        stale -> Stream.empty()))
            .distinct()
            .count();
    assertEquals(after.version() - 1, versions, "seed " + seed);
    assertEquals(countDone(results), versions, "seed " + seed);
  }

  private WriteResult randomChange(Task task, Random random) {
    if (random.nextBoolean()) {
      return change(task, new ToggleCompleted(), Precondition.NONE);
    }
    Task seen = repository().find(task.userId(), task.id()).orElseThrow();
    Edit edit = Edit.NOTHING.withTitle(Title.parse("Title " + random.nextInt(1000)));
    return change(task, edit, new Precondition.RevisionIn(Set.of(seen.revision())));
  }

  private Task stored() {
    return aTask().storedIn(repository());
  }

  private WriteResult change(Task task, TaskChange change, Precondition precondition) {
    return repository()
        .change(task.userId(), task.id(), change, precondition, CREATED.plusSeconds(1));
  }

  private static long countDone(List<WriteResult> results) {
    return results.stream().filter(WriteResult.Done.class::isInstance).count();
  }

  /** Runs the calls on threads of their own, released together, and gives their results. */
  private static <T> List<T> atOnce(int callers, IntFunction<Callable<T>> call) {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      CyclicBarrier start = new CyclicBarrier(callers);
      List<Future<T>> futures = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        Callable<T> task = call.apply(caller);
        futures.add(
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
      throw new AssertionError("A caller failed", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
