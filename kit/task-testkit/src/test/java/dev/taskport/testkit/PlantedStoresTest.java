package dev.taskport.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Description;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.PlantedStores.Planted;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kit is proven by stores that are all wrong, with one fault each. */
class PlantedStoresTest {

  /** The contracts, on whichever store is planted; no test of its own, by its name. */
  static final class UnderTest
      implements TaskRepositoryContract,
          TaskListContract,
          ConcurrentTaskRepositoryContract,
          KeyExpiryContract,
          ModelTaskRepositoryContract,
          DeletionExpiryContract,
          AsyncTaskRepositoryContract {
    private static Supplier<Faulty> planted = RightStore::new;
    private final Faulty store = planted.get();

    @Override
    public TaskRepository repository() {
      return store;
    }

    @Override
    public TaskChangeLog changeLog() {
      return store;
    }

    @Override
    public AsyncTaskRepository async() {
      return store.async();
    }

    @Override
    public LogMarks marks() {
      return store;
    }

    @Override
    public TaskTrash trash() {
      return store;
    }

    @Override
    public void putStored(Task task) {
      store.right.putStored(task);
    }

    @Override
    public void age(UserId user, Duration time) {
      store.clock.putForward(time);
    }

    @Override
    public Duration patience() {
      return planted.get() instanceof StuckStore ? Duration.ofMillis(500) : Duration.ofMinutes(1);
    }
  }

  /** Takes only what the port lets through: the kit sends nothing else. */
  private static final class RightStore extends Faulty {
    @Override
    public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
      check(task.content().title(), task.content().description());
      check(task.createdAt());
      return super.create(user, task, key);
    }

    @Override
    public WriteResult change(
        UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
      if (change instanceof TaskChange.Edit edit) {
        check(edit.title(), edit.description());
      }
      check(now);
      return super.change(user, id, change, precondition, now);
    }

    @Override
    public Optional<Task> restore(UserId user, TaskId id, Instant now) {
      check(now);
      return super.restore(user, id, now);
    }

    @Override
    public List<Task> list(UserId user, TaskQuery query) {
      check(query.filter());
      query
          .start()
          .match(
              offset -> offset,
              after -> {
                after
                    .position()
                    .match(
                        byCreatedAt -> check(byCreatedAt.time()),
                        byUpdatedAt -> check(byUpdatedAt.time()),
                        byTitle -> byTitle,
                        byDueDate -> byDueDate,
                        byPriority -> byPriority);
                return after;
              });
      return super.list(user, query);
    }

    @Override
    public long count(UserId user, TaskFilter filter) {
      check(filter);
      return super.count(user, filter);
    }

    private static void check(@Nullable Title title, @Nullable Description description) {
      if (title != null) {
        assertEquals(Title.parse(title.value()), title, "A title as it comes in");
      }
      if (description != null) {
        assertEquals(Description.parse(description.value()), description);
      }
    }

    private static void check(TaskFilter filter) {
      Stream.of(
              filter.createdAfter(),
              filter.createdBefore(),
              filter.updatedAfter(),
              filter.updatedBefore(),
              filter.dueAfter(),
              filter.dueBefore())
          .filter(Objects::nonNull)
          .forEach(RightStore::check);
    }

    private static Instant check(Instant time) {
      int year = time.atOffset(ZoneOffset.UTC).getYear();
      assertTrue(year >= 1 && year <= 9999, "The kit sent " + time);
      return time;
    }
  }

  @Test
  void aStoreWithoutAFaultPasses() {
    UnderTest.planted = RightStore::new;
    List<String> failures = new ArrayList<>();
    for (String promise : promises()) {
      failures.addAll(failures(promise));
    }

    assertEquals(List.of(), failures);
  }

  static List<Planted> planted() {
    return Stream.of(PlantedStores.all(), PlantedLogs.all(), PlantedLaterCalls.all())
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("planted")
  void eachFaultBreaksThePromisesAndTheFailureSaysSo(Planted planted) {
    UnderTest.planted = planted.store();

    planted
        .broken()
        .forEach(
            (promise, words) -> {
              List<String> failures = List.of();
              // A race can end well by luck, above all on a busy machine.
              for (int i = 0; i < 5 && failures.isEmpty(); i++) {
                failures = failures(promise);
              }
              assertEquals(1, failures.size(), planted + " should break " + promise);
              String failure = failures.get(0);
              assertTrue(
                  failure.startsWith("Broken promise: ") && failure.contains(words),
                  planted + " breaks " + promise + ", but the failure doesn't say it: " + failure);
            });
  }

  @Test
  void everyPromiseIsBrokenByAPlantedStore() {
    assertEquals(
        promises(),
        planted().stream()
            .flatMap(planted -> planted.broken().keySet().stream())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static Set<String> promises() {
    return Arrays.stream(UnderTest.class.getMethods())
        .filter(
            method ->
                method.isAnnotationPresent(Test.class)
                    || method.isAnnotationPresent(Property.class))
        .map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Runs the test and gives the messages of its failures. */
  private static List<String> failures(String promise) {
    Method method =
        Arrays.stream(UnderTest.class.getMethods())
            .filter(candidate -> candidate.getName().equals(promise))
            .findFirst()
            .orElseThrow(() -> new AssertionError("No contract has a test " + promise));
    List<String> failures = new ArrayList<>();
    Set<String> run = new TreeSet<>();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(UnderTest.class, method))
                .build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                  run.add(test.getUniqueId());
                }
                result
                    .getThrowable()
                    .ifPresent(thrown -> failures.add(String.valueOf(thrown.getMessage())));
              }
            });
    assertEquals(1, run.size(), "Tests of the name " + promise);
    return failures;
  }
}
