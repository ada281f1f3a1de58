package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Search;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random sequences of operations give the same answers as on {@link InMemoryTaskRepository}. The
 * values are drawn from small sets, so that operations meet. jqwik prints the seed of a failure.
 */
public interface ModelTaskRepositoryContract {

  /** The store under test. */
  TaskRepository repository();

  /** One call on a store; {@code run} makes each sequence's users, ids and keys its own. */
  @FunctionalInterface
  interface Operation {
    /** Carries the operation out and gives what the store answered. */
    Object on(TaskRepository repository, UUID run);
  }

  @Property(tries = 100)
  default void agreesWithTheModel(@ForAll("sequences") List<Operation> sequence) {
    UUID run = UUID.randomUUID();
    TaskRepository model = new InMemoryTaskRepository(TaskRepositoryContract.KEY_RETENTION);
    for (Operation operation : sequence) {
      assertEquals(operation.on(model, run), operation.on(repository(), run));
    }
    for (int user = 0; user < 2; user++) {
      assertEquals(
          model.list(user(run, user), TaskQuery.newest(100)),
          repository().list(user(run, user), TaskQuery.newest(100)));
    }
  }

  @Provide
  default Arbitrary<List<Operation>> sequences() {
    return Arbitraries.frequencyOf(
            Tuple.of(4, creations()),
            Tuple.of(2, changes()),
            Tuple.of(1, deletions()),
            Tuple.of(1, lookUps()),
            Tuple.of(3, lists()),
            Tuple.of(1, counts()))
        .list()
        .ofMinSize(1)
        .ofMaxSize(25);
  }

  private static Arbitrary<Operation> creations() {
    return Combinators.combine(users(), ids(), contents(), times(), keys())
        .as(
            (user, id, content, time, key) ->
                (repository, run) ->
                    repository.create(
                        user(run, user),
                        new NewTask(id(run, id), content, time),
                        key < 0 ? null : key(run, key)));
  }

  private static Arbitrary<Operation> changes() {
    return Combinators.combine(users(), ids(), taskChanges(), preconditions(), times())
        .as(
            (user, id, change, precondition, time) ->
                (repository, run) ->
                    repository.change(user(run, user), id(run, id), change, precondition, time));
  }

  private static Arbitrary<Operation> deletions() {
    return Combinators.combine(users(), ids(), preconditions())
        .as(
            (user, id, precondition) ->
                (repository, run) -> repository.delete(user(run, user), id(run, id), precondition));
  }

  private static Arbitrary<Operation> lookUps() {
    return Combinators.combine(users(), ids())
        .as((user, id) -> (repository, run) -> repository.find(user(run, user), id(run, id)));
  }

  private static Arbitrary<Operation> lists() {
    return Combinators.combine(
            users(), filters(), orders(), Arbitraries.integers().between(1, 4), starts())
        .as(
            (user, filter, order, limit, start) ->
                (repository, run) -> {
                  TaskQuery first = new TaskQuery(filter, order, PageStart.FIRST, limit);
                  if (start >= 0) {
                    return repository.list(
                        user(run, user), first.from(new PageStart.Offset(start)));
                  }
                  // On to the second page.
                  List<Task> page = repository.list(user(run, user), first);
                  return page.isEmpty()
                      ? page
                      : repository.list(
                          user(run, user),
                          first.from(
                              new PageStart.After(order.positionOf(page.get(page.size() - 1)))));
                });
  }

  private static Arbitrary<Operation> counts() {
    return Combinators.combine(users(), filters())
        .as(
            (user, filter) ->
                (repository, run) ->
                    List.of(
                        repository.count(user(run, user), filter),
                        repository.summarize(user(run, user))));
  }

  private static Arbitrary<TaskFilter> filters() {
    return Combinators.combine(
            booleans().optional(),
            Arbitraries.of("\u00E9T", "b", "x", "E\nl", "; -", "\uD83D\uDE00", "%")
                .map(Search::parse)
                .optional(0.3),
            times().optional(0.2),
            times().optional(0.2),
            times().optional(0.2),
            times().optional(0.2))
        .as(
            (completed, search, createdAfter, createdBefore, updatedAfter, updatedBefore) ->
                new TaskFilter(
                    completed.orElse(null),
                    search.orElse(null),
                    createdAfter.orElse(null),
                    createdBefore.orElse(null),
                    updatedAfter.orElse(null),
                    updatedBefore.orElse(null)));
  }

  private static Arbitrary<TaskOrder> orders() {
    return Combinators.combine(
            Arbitraries.of(TaskOrder.Key.values()), Arbitraries.of(TaskOrder.Direction.values()))
        .as(TaskOrder::new);
  }

  /** An offset, or less than 0 for the second page. */
  private static Arbitrary<Integer> starts() {
    return Arbitraries.of(-1, 0, 1);
  }

  private static Arbitrary<TaskChange> taskChanges() {
    Arbitrary<TaskChange> edits =
        Combinators.combine(
                contents(),
                booleans().list().ofSize(TaskContent.class.getRecordComponents().length),
                booleans().optional())
            .as(
                (content, names, completed) ->
                    content.read(
                        (title, description, priority, tags, dueDate) ->
                            new TaskChange.Edit(
                                names.get(0) ? title : null,
                                names.get(1),
                                description,
                                names.get(2) ? priority : null,
                                names.get(3) ? tags : null,
                                names.get(4),
                                dueDate,
                                completed.orElse(null))));
    Map<Class<?>, Arbitrary<? extends TaskChange>> kinds =
        Map.of(
            TaskChange.Edit.class,
            edits,
            TaskChange.SetCompleted.class,
            booleans().map(TaskChange.SetCompleted::new),
            TaskChange.ToggleCompleted.class,
            Arbitraries.just(new TaskChange.ToggleCompleted()));
    assertEquals(Kinds.of(TaskChange.class), kinds.keySet(), "Each kind of change must be drawn");
    return Arbitraries.oneOf(List.copyOf(kinds.values()));
  }

  private static Arbitrary<Precondition> preconditions() {
    Arbitrary<Set<Revision>> revisions =
        Combinators.combine(times(), Arbitraries.longs().between(1, 3))
            .as(Revision::new)
            .set()
            .ofMaxSize(4);
    Map<Class<?>, Arbitrary<? extends Precondition>> kinds =
        Map.of(
            Precondition.None.class,
            Arbitraries.just(Precondition.NONE),
            Precondition.RevisionIn.class,
            revisions.map(Precondition.RevisionIn::new));
    assertEquals(Kinds.of(Precondition.class), kinds.keySet(), "Each kind must be drawn");
    return Arbitraries.oneOf(List.copyOf(kinds.values()));
  }

  private static Arbitrary<Integer> users() {
    return Arbitraries.of(0, 1);
  }

  private static Arbitrary<Integer> ids() {
    return Arbitraries.of(0, 1, 2);
  }

  private static Arbitrary<Integer> keys() {
    return Arbitraries.of(-1, 0, 1);
  }

  private static Arbitrary<Boolean> booleans() {
    return Arbitraries.of(true, false);
  }

  private static Arbitrary<TaskContent> contents() {
    return Combinators.combine(
            titles(), descriptions().optional(0.7), priorities(), tags(), dueDates().optional(0.7))
        .as(
            (title, description, priority, tags, dueDate) ->
                new TaskContent(
                    title, description.orElse(null), priority, tags, dueDate.orElse(null)));
  }

  private static Arbitrary<Title> titles() {
    return Arbitraries.of("a", "B", "\u00C9t\u00E9", "\uD83D\uDE00", "'; --").map(Title::parse);
  }

  private static Arbitrary<Description> descriptions() {
    return Arbitraries.of("", "x", "line\nline").map(Description::parse);
  }

  private static Arbitrary<Priority> priorities() {
    return Arbitraries.of(Priority.values());
  }

  private static Arbitrary<Tags> tags() {
    return Arbitraries.of("", "a", "A", "b,a", "\u00C9 \uD83D\uDE00,';--").map(Tags::parse);
  }

  private static Arbitrary<DueDate> dueDates() {
    Map<Class<?>, Arbitrary<? extends DueDate>> kinds =
        Map.of(
            DueDate.OnDate.class,
            Arbitraries.of("2026-11-21", "2026-11-22", "0001-01-01")
                .map(LocalDate::parse)
                .map(DueDate.OnDate::new),
            DueDate.AtTime.class,
            Arbitraries.of("2026-11-21T00:00:00Z", "9999-12-31T23:59:59.999999Z")
                .map(Instant::parse)
                .map(DueDate.AtTime::new));
    assertEquals(Kinds.of(DueDate.class), kinds.keySet(), "Each kind must be drawn");
    return Arbitraries.oneOf(List.copyOf(kinds.values()));
  }

  private static Arbitrary<Instant> times() {
    return Arbitraries.of(0L, 999L, 1000L, 1_000_000_000L, 90_000_000_000L).map(CREATED::plusNanos);
  }

  private static UserId user(UUID run, int number) {
    return UserId.parse(run + "-" + number);
  }

  private static IdempotencyKey key(UUID run, int number) {
    return IdempotencyKey.parse(run + "-" + number);
  }

  private static TaskId id(UUID run, int number) {
    return new TaskId(new UUID(run.getMostSignificantBits(), number));
  }
}
