package dev.taskport.testkit;

import static dev.taskport.testkit.Race.CALLERS;
import static dev.taskport.testkit.Race.atOnce;
import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@link TaskRepository} promises when many callers use it at once. */
public interface ConcurrentTaskRepositoryContract extends Contract {

  @Test
  default void togglesOfTheSameTaskAreNeverLost() {
    Race.repeatedly(
        round -> {
          Task task = stored();

          List<WriteResult> results =
              atOnce(CALLERS, caller -> () -> change(task, new ToggleCompleted()));

          assertEquals(
              CALLERS, countDone(results), "change: every toggle of a task that stays is done");
          Task after = found(task);
          assertEquals(CALLERS + 1L, after.version(), "change: no toggle at the same time is lost");
          assertEquals(
              CALLERS % 2 == 1, after.completed(), "change: each toggle turns the state round");
        });
  }

  @Test
  default void ofManyDeletesOneFindsTheTask() {
    Race.repeatedly(
        round -> {
          Task task = stored();

          List<WriteResult> results =
              atOnce(
                  CALLERS,
                  caller -> () -> repository().delete(task.userId(), task.id(), Precondition.NONE));

          assertEquals(1, countDone(results), "delete: of many deletions one is done: " + results);
          assertEquals(
              CALLERS - 1L,
              count(results, WriteResult.NotFound.class),
              "delete: all others find no task: " + results);
        });
  }

  @Test
  default void ofManyWritersWithOneRevisionExactlyOneWins() {
    Race.repeatedly(
        round -> {
          Task task = stored();
          Precondition precondition = only(task);

          List<WriteResult> results =
              atOnce(
                  CALLERS,
                  caller ->
                      () ->
                          change(
                              task,
                              Edit.NOTHING.withTitle(Title.parse("Writer " + caller)),
                              precondition));

          assertEquals(
              1,
              countDone(results),
              "change: of many changes to one state one is done: " + results);
          Task after = found(task);
          assertEquals(2, after.version(), "change: of many changes to one state one is stored");
          for (WriteResult result : results) {
            assertEquals(
                after,
                result.match(
                    WriteResult.Done::task,
                    notFound -> fail("change: a task that stays is found"),
                    WriteResult.Stale::current),
                "change: who comes too late is told the state that came first");
          }
        });
  }

  @Test
  default void ofADeletionAndAChangeOfOneRevisionOneWins() {
    Race.repeatedly(
        round -> {
          Task task = stored();
          Precondition precondition = only(task);

          List<WriteResult> results =
              atOnce(
                  CALLERS,
                  caller ->
                      () ->
                          caller % 2 == 0
                              ? repository().delete(task.userId(), task.id(), precondition)
                              : change(task, new ToggleCompleted(), precondition));

          assertEquals(
              1,
              countDone(results),
              "delete: of deletions and changes to one state one is done: " + results);
          Optional<Task> after = repository().find(task.userId(), task.id());
          boolean deleted = results.contains(new WriteResult.Done(task));
          assertEquals(
              deleted ? Optional.empty() : Optional.of(toggled(task)),
              after,
              "delete: the one that is done is what happened: " + results);
        });
  }

  @Test
  default void whatIsToggledWhileItIsDeletedIsGone() {
    Race.repeatedly(
        round -> {
          Task task = stored();
          int deleter = round % CALLERS;

          List<WriteResult> results =
              atOnce(
                  CALLERS,
                  caller ->
                      () ->
                          caller == deleter
                              ? repository().delete(task.userId(), task.id(), Precondition.NONE)
                              : change(task, new ToggleCompleted()));

          assertEquals(
              Optional.empty(),
              repository().find(task.userId(), task.id()),
              "change: a toggle doesn't bring a deleted task back: " + results);
          assertEquals(
              CALLERS,
              countDone(results) + count(results, WriteResult.NotFound.class),
              "change: a toggle is done or finds no task: " + results);
          long toggles = countDone(results) - 1;
          results
              .get(deleter)
              .match(
                  done -> {
                    assertEquals(
                        toggles + 1,
                        done.task().version(),
                        "delete: the answer is the task after all toggles that were done, and"
                            + " none is done later: "
                            + results);
                    return done;
                  },
                  notFound -> fail("delete: the only deletion finds the task"),
                  stale -> fail("delete: without a precondition nothing is stale"));
        });
  }

  @Test
  default void ofManySettersOfOneStateOneModifiesAndAllSeeTheResult() {
    Race.repeatedly(
        round -> {
          Task task = stored();

          List<WriteResult> results =
              atOnce(CALLERS, caller -> () -> change(task, new SetCompleted(true)));

          Task after = found(task);
          assertEquals(2, after.version(), "change: of many who set one state one modifies");
          for (WriteResult result : results) {
            assertEquals(
                new WriteResult.Done(after), result, "change: all who set one state see it set");
          }
        });
  }

  @Test
  default void creationsWithOneKeyAtOnceMakeOneTask() {
    IdempotencyKey key = IdempotencyKey.parse("one-intention");
    Race.repeatedly(round -> Race.ofCreations(repository(), someUser(), key, 0));
  }

  @Test
  default void creationsOfOneIdAtOnceMakeOneTask() {
    Race.repeatedly(
        round -> {
          Task sample = stored();
          repository().delete(sample.userId(), sample.id(), Precondition.NONE);
          SampleTasks same = aTask().of(sample.userId()).under(sample.id());

          List<CreateResult> results =
              atOnce(
                  CALLERS,
                  caller ->
                      () ->
                          repository()
                              .create(
                                  sample.userId(),
                                  asNew(same.called("Creator " + caller).build()),
                                  null));

          List<Task> tasks = repository().list(sample.userId(), TaskQuery.newest(100));
          assertEquals(1, tasks.size(), "create: of many creations with one id one is stored");
          assertEquals(
              1,
              results.stream().filter(CreateResult.Created.class::isInstance).count(),
              "create: of many creations with one id one is done: " + results);
          for (CreateResult result : results) {
            assertEquals(
                tasks.get(0),
                result.match(
                    CreateResult.Created::task,
                    CreateResult.Replayed::task,
                    keyReused -> fail("create: without a key none is refused"),
                    CreateResult.Exists::current),
                "create: who comes too late is told the task that came first");
          }
        });
  }

  @Test
  default void aSummaryIsOfOneMoment() {
    UserId user = someUser();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      tasks.add(aTask().of(user).storedIn(repository()));
    }
    AtomicInteger readers = new AtomicInteger(2);

    atOnce(
        4,
        caller ->
            () -> {
              if (caller < 2) {
                try {
                  for (int i = 0; i < 100; i++) {
                    assertEquals(
                        tasks.size(),
                        repository().summarize(user).total(),
                        "summarize: completed and pending are of one moment");
                  }
                } finally {
                  readers.decrementAndGet();
                }
                return caller;
              }
              for (int i = caller; readers.get() > 0; i += 2) {
                change(tasks.get(i % tasks.size()), new ToggleCompleted());
              }
              return caller;
            });
  }

  @Test
  default void aListIsOfOneMoment() {
    UserId user = someUser();
    Task first = aTask().of(user).storedIn(repository());
    AtomicInteger readers = new AtomicInteger(2);

    atOnce(
        3,
        caller ->
            () -> {
              if (caller < 2) {
                try {
                  for (int i = 0; i < 100; i++) {
                    int size = repository().list(user, TaskQuery.newest(10)).size();
                    // Each task is created before the one before it is deleted.
                    assertTrue(
                        size == 1 || size == 2,
                        "list: a page is of one moment; there are always 1 or 2 tasks, not "
                            + size);
                  }
                } finally {
                  readers.decrementAndGet();
                }
                return caller;
              }
              Task last = first;
              while (readers.get() > 0) {
                Task next = aTask().of(user).storedIn(repository());
                repository().delete(user, last.id(), Precondition.NONE);
                last = next;
              }
              return caller;
            });
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
      int pages = 1;
      // Tasks that come and go are created within 20 s after the first, so the walk meets them.
      while (!page.isEmpty() && pages < 10_000) {
        page.stream().map(Task::id).forEach(met::add);
        Position end = query.order().positionOf(page.get(page.size() - 1));
        page = repository().list(user, query.from(new PageStart.After(end)));
        pages++;
      }
      met.retainAll(Set.copyOf(expected));
      assertEquals(
          expected,
          met.stream().sorted().toList(),
          "list: a walk from page to page meets every task that stays exactly once; " + message);
    }
  }

  /** Changes the staying tasks, too, but not their time of creation, by which the walk goes. */
  private void addChangeAndRemove(
      UserId user, List<Task> staying, Random random, AtomicInteger walkers) {
    while (walkers.get() > 0) {
      Duration delay = Duration.ofMillis(random.nextInt(20_000));
      Task passing = aTask().of(user).createdAfter(delay).storedIn(repository());
      change(staying.get(random.nextInt(staying.size())), new ToggleCompleted());
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
    Task after = found(task);
    // If each modification returned a different version, none has overwritten another.
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
    assertEquals(
        countDone(results),
        versions,
        "change: each modification is answered with a version of its own; seed " + seed);
    assertEquals(
        after.version() - 1,
        versions,
        "change: the version counts the modifications that were done; seed " + seed);
  }

  private WriteResult randomChange(Task task, Random random) {
    if (random.nextBoolean()) {
      return change(task, new ToggleCompleted());
    }
    Edit edit = Edit.NOTHING.withTitle(Title.parse("Title " + random.nextInt(1000)));
    return change(task, edit, only(found(task)));
  }

  private Task stored() {
    return aTask().storedIn(repository());
  }

  private Task found(Task task) {
    return repository()
        .find(task.userId(), task.id())
        .orElseThrow(() -> new AssertionError("find: a task that stays is found"));
  }

  private WriteResult change(Task task, TaskChange change) {
    return change(task, change, Precondition.NONE);
  }

  private WriteResult change(Task task, TaskChange change, Precondition precondition) {
    return repository()
        .change(task.userId(), task.id(), change, precondition, CREATED.plusSeconds(1));
  }

  private static Task toggled(Task task) {
    return task.apply(new ToggleCompleted(), CREATED.plusSeconds(1));
  }

  private static Precondition only(Task task) {
    return new Precondition.RevisionIn(Set.of(task.revision()));
  }

  private static long countDone(List<WriteResult> results) {
    return count(results, WriteResult.Done.class);
  }

  private static long count(List<WriteResult> results, Class<? extends WriteResult> kind) {
    return results.stream().filter(kind::isInstance).count();
  }
}
