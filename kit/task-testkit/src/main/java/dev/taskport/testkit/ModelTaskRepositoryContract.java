package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
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
import java.util.ArrayList;
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

/**
 * Random sequences of operations give the same results as on {@link InMemoryTaskRepository}. Values
 * come from small sets, so that operations affect each other. jqwik prints the seed of a failure.
 */
public interface ModelTaskRepositoryContract extends Contract {

  /**
   * One call of a store, with small numbers for users, ids and keys. {@code run} turns these into
   * values that no other sequence uses.
   */
  sealed interface Operation {
    /** Calls the store, and returns its result. */
    Object on(TaskRepository repository, UUID run);
  }

  /** {@link TaskRepository#create}; a negative number means no key. */
  record Create(int user, int id, TaskContent content, Instant time, int key) implements Operation {
    @Override
    public Object on(TaskRepository repository, UUID run) {
      return repository.create(
          userOf(run, user),
          new NewTask(idOf(run, id), content, time),
          key < 0 ? null : keyOf(run, key));
    }
  }

  /** {@link TaskRepository#change}. */
  record Change(int user, int id, TaskChange change, Precondition precondition, Instant now)
      implements Operation {
    @Override
    public Object on(TaskRepository repository, UUID run) {
      return repository.change(userOf(run, user), idOf(run, id), change, precondition, now);
    }
  }

  /** {@link TaskRepository#delete}. */
  record Delete(int user, int id, Precondition precondition) implements Operation {
    @Override
    public Object on(TaskRepository repository, UUID run) {
      return repository.delete(userOf(run, user), idOf(run, id), precondition);
    }
  }

  /** {@link TaskRepository#find}. */
  record Find(int user, int id) implements Operation {
    @Override
    public Object on(TaskRepository repository, UUID run) {
      return repository.find(userOf(run, user), idOf(run, id));
    }
  }

  /** {@link TaskRepository#list}. */
  record ListPage(int user, TaskQuery query) implements Operation {
    @Override
    public Object on(TaskRepository repository, UUID run) {
      return repository.list(userOf(run, user), query);
    }
  }

  /** {@link TaskRepository#list} of the first page, and on to the second one. */
  record ListSecondPage(int user, TaskQuery query) implements Operation {
    @Override
    public Object on(TaskRepository repository, UUID run) {
      List<Task> page = repository.list(userOf(run, user), query);
      if (page.isEmpty()) {
        return page;
      }
      Position end = query.order().positionOf(page.get(page.size() - 1));
      return repository.list(userOf(run, user), query.from(new PageStart.After(end)));
    }
  }

  /** {@link TaskRepository#count}. */
  record Count(int user, TaskFilter filter) implements Operation {
    @Override
    public Object on(TaskRepository repository, UUID run) {
      return repository.count(userOf(run, user), filter);
    }
  }

  /** {@link TaskRepository#summarize}. */
  record Summarize(int user) implements Operation {
    @Override
    public Object on(TaskRepository repository, UUID run) {
      return repository.summarize(userOf(run, user));
    }
  }

  @Property(tries = 100)
  default void agreesWithTheModel(@ForAll("sequences") List<Operation> sequence) {
    assertTimeoutPreemptively(
        patience(), () -> assertSameAnswers(sequence), "Broken promise: every call returns");
  }

  private void assertSameAnswers(List<Operation> sequence) {
    UUID run = UUID.randomUUID();
    TaskRepository model = new InMemoryTaskRepository(TaskRepositoryContract.KEY_RETENTION);
    for (Operation operation : sequence) {
      assertSameAnswer(model, operation, run);
    }
    for (int user = 0; user < 2; user++) {
      assertSameAnswer(model, new ListPage(user, TaskQuery.newest(100)), run);
      assertSameAnswer(model, new Summarize(user), run);
    }
  }

  private void assertSameAnswer(TaskRepository model, Operation operation, UUID run) {
    Object expected = operation.on(model, run);
    String message = "Broken promise: the store agrees with the model. " + operation;
    Object answer;
    try {
      answer = operation.on(repository(), run);
    } catch (RuntimeException e) {
      throw new AssertionError(message + " ==> expected: " + expected + " but it threw " + e, e);
    }
    assertEquals(expected, answer, message);
  }

  @Provide
  default Arbitrary<List<Operation>> sequences() {
    Map<Class<?>, Arbitrary<? extends Operation>> kinds =
        Map.of(
            Create.class,
            creations(),
            Change.class,
            changes(),
            Delete.class,
            Combinators.combine(users(), ids(), preconditions()).as(Delete::new),
            Find.class,
            Combinators.combine(users(), ids()).as(Find::new),
            ListPage.class,
            lists(),
            ListSecondPage.class,
            Combinators.combine(users(), queries()).as(ListSecondPage::new),
            Count.class,
            Combinators.combine(users(), filters()).as(Count::new),
            Summarize.class,
            users().map(Summarize::new));
    assertEquals(Kinds.of(Operation.class), kinds.keySet(), "Each operation must be drawn");
    List<Arbitrary<? extends Operation>> drawn = new ArrayList<>(kinds.values());
    // Creations are drawn most often, so that the other operations find tasks.
    drawn.addAll(List.of(creations(), creations(), creations(), changes(), lists()));
    return Arbitraries.<Operation>oneOf(drawn).list().ofMinSize(1).ofMaxSize(25);
  }

  private static Arbitrary<Create> creations() {
    return Combinators.combine(users(), ids(), contents(), times(), keys()).as(Create::new);
  }

  private static Arbitrary<Change> changes() {
    return Combinators.combine(users(), ids(), taskChanges(), preconditions(), times())
        .as(Change::new);
  }

  private static Arbitrary<ListPage> lists() {
    return Combinators.combine(users(), queries()).as(ListPage::new);
  }

  private static Arbitrary<TaskQuery> queries() {
    return Combinators.combine(
            filters(), orders(), Arbitraries.of(0, 0, 1), Arbitraries.integers().between(1, 4))
        .as(
            (filter, order, offset, limit) ->
                new TaskQuery(filter, order, new PageStart.Offset(offset), limit));
  }

  private static Arbitrary<TaskFilter> filters() {
    return Combinators.combine(filtersByState(), filtersByContent())
        .as(
            (one, other) ->
                new TaskFilter(
                    one.completed(),
                    one.search(),
                    one.createdAfter(),
                    one.createdBefore(),
                    one.updatedAfter(),
                    one.updatedBefore(),
                    other.priorities(),
                    other.tags(),
                    other.dueAfter(),
                    other.dueBefore(),
                    other.withoutDueDate()));
  }

  private static Arbitrary<TaskFilter> filtersByContent() {
    Arbitrary<Instant> dueTimes = dueDates().map(DueDate::instant);
    return Combinators.combine(
            priorities().set().optional(0.3),
            tags().optional(0.3),
            dueTimes.optional(0.2),
            dueTimes.optional(0.2),
            Arbitraries.of(false, false, false, true))
        .as(
            (priorities, tags, dueAfter, dueBefore, withoutDueDate) ->
                new TaskFilter(
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    priorities.orElse(Set.of()),
                    tags.orElse(Tags.NONE),
                    dueAfter.orElse(null),
                    dueBefore.orElse(null),
                    withoutDueDate));
  }

  private static Arbitrary<TaskFilter> filtersByState() {
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

  private static UserId userOf(UUID run, int number) {
    return UserId.parse(run + "-" + number);
  }

  private static IdempotencyKey keyOf(UUID run, int number) {
    return IdempotencyKey.parse(run + "-" + number);
  }

  private static TaskId idOf(UUID run, int number) {
    return new TaskId(new UUID(run.getMostSignificantBits(), number));
  }
}
