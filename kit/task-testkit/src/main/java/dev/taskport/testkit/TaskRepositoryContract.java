package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Tag;
import dev.taskport.domain.Tags;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskRepository} promises to a single caller. A store's test implements this, {@link
 * TaskListContract}, {@link ConcurrentTaskRepositoryContract} and {@link
 * ModelTaskRepositoryContract}. Every test works with users of its own, so the store need not be
 * emptied in between.
 */
public interface TaskRepositoryContract extends OtherUsersContract {
  /** How long the store under test must be configured to remember idempotency keys. */
  Duration KEY_RETENTION = Duration.ofHours(24);

  /** The store under test. */
  @Override
  TaskRepository repository();

  @Test
  default void whatIsCreatedIsFound() {
    Task task = aTask().build();

    assertEquals(
        new CreateResult.Created(task), repository().create(task.userId(), asNew(task), null));

    assertEquals(Optional.of(task), repository().find(task.userId(), task.id()));
  }

  @Test
  default void aTaskMayHaveNoDescriptionOrAnEmptyOne() {
    UserId user = someUser();
    Task none = aTask().of(user).described(null).build();
    Task empty = aTask().of(user).described("").build();
    stored(none);
    stored(empty);

    assertEquals(Optional.of(none), repository().find(user, none.id()));
    assertEquals(Optional.of(empty), repository().find(user, empty.id()));
  }

  @Test
  default void charactersOfAnyPlaneAndEveryMicrosecondAreKept() {
    UserId user = UserId.parse(someUser() + " \uD83D\uDE00'\"\\%_");
    Instant created = Instant.parse("1999-12-31T23:59:59.999999Z");
    Task task =
        aTask()
            .of(user)
            .called("\u0130stanbul \uD83D\uDC69\u200D\uD83D\uDCBB")
            .described("a\tb\r\nc\n")
            .createdAt(created)
            .build();
    stored(task);

    assertEquals(List.of(task), repository().list(user, TaskQuery.newest(100)));
  }

  @Test
  default void theLongestValuesFitInCodePoints() {
    String character = "\uD83D\uDE00";
    Task task =
        aTask()
            .of(UserId.parse(character.repeat(UserId.MAX_LENGTH - 40) + UUID.randomUUID()))
            .called(character.repeat(Title.MAX_LENGTH))
            .described(character.repeat(Description.MAX_LENGTH))
            .build();
    stored(task);

    assertEquals(Optional.of(task), repository().find(task.userId(), task.id()));
  }

  @Test
  default void aMissingTaskIsNotFoundChangedOrDeleted() {
    UserId user = someUser();
    TaskId id = someId();

    assertEquals(Optional.empty(), repository().find(user, id));
    assertEquals(
        new WriteResult.NotFound(),
        repository().change(user, id, new ToggleCompleted(), Precondition.NONE, CREATED));
    assertEquals(new WriteResult.NotFound(), repository().delete(user, id, Precondition.NONE));
    assertEquals(
        new WriteResult.NotFound(), repository().delete(user, id, only(new Revision(CREATED, 1))));
  }

  @Test
  default void anIdThatIsTakenIsRefusedWithTheTaskThatHasIt() {
    Task task = stored(aTask().build());
    Task same = aTask().of(task.userId()).under(task.id()).called("Other").build();

    assertEquals(
        new CreateResult.Exists(task), repository().create(task.userId(), asNew(same), null));

    assertEquals(List.of(task), repository().list(task.userId(), TaskQuery.newest(100)));
  }

  @Test
  default void anEditChangesWhatItNamesAndRaisesTheVersion() {
    Task task = stored(aTask().build());

    Task changed = done(change(task, Edit.NOTHING.withTitle(Title.parse("Buy bread")), later(1)));

    assertEquals(Title.parse("Buy bread"), changed.title());
    assertEquals(task.description(), changed.description());
    assertEquals(task.createdAt(), changed.createdAt());
    assertEquals(later(1), changed.updatedAt());
    assertEquals(2, changed.version());
    assertEquals(Optional.of(changed), repository().find(task.userId(), task.id()));
  }

  @Test
  default void anEditSetsClearsAndKeepsTheDescription() {
    Task task = stored(aTask().build());

    Task kept = done(change(task, Edit.NOTHING.withCompleted(true), later(1)));
    assertEquals(task.description(), kept.description());
    assertTrue(kept.completed());

    Description other = Description.parse("Three litres");
    assertEquals(
        other, done(change(task, Edit.NOTHING.withDescription(other), later(2))).description());
    assertNull(done(change(task, Edit.NOTHING.withDescription(null), later(3))).description());
  }

  @Test
  default void anEditChangesTheFieldsThatItNamesAndNoOther() {
    Map<String, Edit> edits =
        Map.of(
            "title", Edit.NOTHING.withTitle(Title.parse("Other")),
            "description", Edit.NOTHING.withDescription(null),
            "priority", Edit.NOTHING.withPriority(Priority.URGENT),
            "tags", Edit.NOTHING.withTags(Tags.NONE),
            "dueDate", Edit.NOTHING.withDueDate(null));
    assertEquals(ContentFields.names(), edits.keySet(), "Each field must be tried here");
    edits.forEach(
        (field, edit) -> {
          Task task = stored(aTask().build());

          Task changed = done(change(task, edit, later(1)));

          assertEquals(Set.of(field), ContentFields.inWhichOneAloneDiffers(task, List.of(changed)));
          assertEquals(task.apply(edit, later(1)), changed);
          assertEquals(Optional.of(changed), repository().find(task.userId(), task.id()));
        });
  }

  @Test
  default void everyPriorityIsKept() {
    for (Priority priority : Priority.values()) {
      keeps(Edit.NOTHING.withPriority(priority));
    }
  }

  @Test
  default void tagsAreKeptInTheirOrderAndSpelling() {
    keeps(Edit.NOTHING.withTags(Tags.NONE));
    keeps(Edit.NOTHING.withTags(Tags.parse("b,A,\uD83D\uDE00 '\"\\%_{}")));
    String longest = "\uD83D\uDE00".repeat(Tag.MAX_LENGTH - 2);
    keeps(
        Edit.NOTHING.withTags(
            Tags.of(
                IntStream.range(10, 10 + Tags.MAX_COUNT)
                    .mapToObj(i -> Tag.parse(i + longest))
                    .toList())));
  }

  @Test
  default void aDateStaysADateAndATimeATimeToTheMicrosecond() {
    for (String text :
        List.of(
            "0001-01-01",
            "0001-01-01T00:00:00Z",
            "1582-10-10",
            "2026-12-24",
            "2026-12-24T00:00:00Z",
            "2026-12-24T00:00:00.000001Z",
            "9999-12-31",
            "9999-12-31T23:59:59.999999Z")) {
      keeps(Edit.NOTHING.withDueDate(DueDate.parse(text)));
    }
  }

  /** Whether it is found as it was created and as it was changed. */
  private void keeps(Edit edit) {
    Task created = stored(aTask().edited(edit).build());
    assertEquals(Optional.of(created), repository().find(created.userId(), created.id()));

    Task task = stored(aTask().build());
    Task changed = done(change(task, edit, later(1)));
    assertEquals(created.content(), changed.content());
    assertEquals(Optional.of(changed), repository().find(task.userId(), task.id()));
  }

  @Test
  default void anEmptyEditIsStillAModification() {
    Task task = stored(aTask().build());

    Task changed = done(change(task, Edit.NOTHING, later(1)));

    assertEquals(later(1), changed.updatedAt());
    assertEquals(2, changed.version());
  }

  @Test
  default void aToggleTurnsTheStateEachTime() {
    Task task = stored(aTask().build());

    assertTrue(done(change(task, new ToggleCompleted(), later(1))).completed());
    Task twice = done(change(task, new ToggleCompleted(), later(2)));

    assertEquals(false, twice.completed());
    assertEquals(task.content(), twice.content());
    assertEquals(3, twice.version());
  }

  @Test
  default void settingTheStateThatIsThereChangesNothing() {
    Task task = stored(aTask().build());

    Task set = done(change(task, new SetCompleted(true), later(1)));
    Task again = done(change(task, new SetCompleted(true), later(2)));

    assertEquals(2, set.version());
    assertEquals(task.content(), set.content());
    assertEquals(set, again);
    assertEquals(Optional.of(set), repository().find(task.userId(), task.id()));
  }

  @Test
  default void aChangeByASlowClockDoesNotMakeATaskLookOlder() {
    Task task = stored(aTask().build());
    change(task, new ToggleCompleted(), later(5));

    Task changed = done(change(task, new ToggleCompleted(), later(2)));

    assertEquals(later(5), changed.updatedAt());
    assertEquals(3, changed.version());
  }

  @Test
  default void timesAreCutToMicroseconds() {
    UserId user = someUser();
    Instant almostTheNext = CREATED.plusNanos(999);
    NewTask newTask = new NewTask(someId(), SampleTasks.CONTENT, almostTheNext);
    Task created = Task.create(user, newTask);

    assertEquals(CREATED, created.createdAt());
    assertEquals(new CreateResult.Created(created), repository().create(user, newTask, null));
    assertEquals(Optional.of(created), repository().find(user, created.id()));

    Task toggled = done(change(created, new ToggleCompleted(), later(1).plusNanos(999)));

    assertEquals(later(1), toggled.updatedAt());
    assertEquals(Optional.of(toggled), repository().find(user, created.id()));
  }

  @Test
  default void aWriteUnderAPreconditionHappensOnlyInThatState() {
    Task task = stored(aTask().build());
    Precondition first = only(task.revision());

    Task changed =
        done(repository().change(task.userId(), task.id(), Edit.NOTHING, first, later(1)));

    WriteResult stale = new WriteResult.Stale(changed);
    assertEquals(
        stale, repository().change(task.userId(), task.id(), Edit.NOTHING, first, later(2)));
    assertEquals(
        stale,
        repository().change(task.userId(), task.id(), new SetCompleted(false), first, later(2)));
    assertEquals(stale, repository().delete(task.userId(), task.id(), first));
    assertEquals(Optional.of(changed), repository().find(task.userId(), task.id()));

    Precondition either = new Precondition.RevisionIn(Set.of(task.revision(), changed.revision()));
    assertEquals(
        new WriteResult.Done(changed), repository().delete(task.userId(), task.id(), either));
    assertEquals(Optional.empty(), repository().find(task.userId(), task.id()));
  }

  @Test
  default void noStateAllowsNoWrite() {
    Task task = stored(aTask().build());

    assertEquals(
        new WriteResult.Stale(task),
        repository().delete(task.userId(), task.id(), new Precondition.RevisionIn(Set.of())));
  }

  @Test
  default void aTaskCreatedAgainUnderItsIdIsInAnotherState() {
    Task task = stored(aTask().build());
    repository().delete(task.userId(), task.id(), Precondition.NONE);
    Task again = stored(aTask().of(task.userId()).under(task.id()).createdAt(later(1)).build());

    assertEquals(
        new WriteResult.Stale(again),
        repository().delete(task.userId(), task.id(), only(task.revision())));
  }

  @Test
  default void aDeletedTaskIsReturnedOnceAndGone() {
    Task task = stored(aTask().build());

    assertEquals(
        new WriteResult.Done(task),
        repository().delete(task.userId(), task.id(), Precondition.NONE));
    assertEquals(
        new WriteResult.NotFound(),
        repository().delete(task.userId(), task.id(), Precondition.NONE));
    assertEquals(List.of(), repository().list(task.userId(), TaskQuery.newest(100)));
  }

  @Test
  default void theSameKeyAndContentGiveTheFirstTaskAgain() {
    Task first = aTask().build();
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    repository().create(first.userId(), asNew(first), key);
    change(first, new ToggleCompleted(), later(1));
    Task retry = aTask().of(first.userId()).saying(first.content()).createdAt(later(2)).build();

    assertEquals(
        new CreateResult.Replayed(first), repository().create(first.userId(), asNew(retry), key));

    assertEquals(1, repository().list(first.userId(), TaskQuery.newest(100)).size());
  }

  @Test
  default void theSameKeyWithAnotherContentIsRefused() {
    UserId user = someUser();
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    SampleTasks sample = aTask().of(user).called("ab").described("c");
    Task first = sample.build();
    repository().create(user, asNew(first), key);

    SampleTasks later = sample.createdAt(later(1));
    List<Task> others =
        List.of(
            later.called("other").build(),
            later.described("other").build(),
            later.described(null).build(),
            later.described("").build(),
            later.called("a").described("bc").build(),
            later.edited(Edit.NOTHING.withPriority(Priority.MEDIUM)).build(),
            later.edited(Edit.NOTHING.withTags(Tags.parse("home,errand"))).build(),
            later.edited(Edit.NOTHING.withTags(Tags.NONE)).build(),
            later.edited(Edit.NOTHING.withDueDate(DueDate.parse("2026-12-24T00:00:00Z"))).build(),
            later.edited(Edit.NOTHING.withDueDate(null)).build());
    for (Task other : others) {
      assertEquals(new CreateResult.KeyReused(), repository().create(user, asNew(other), key));
    }

    assertEquals(List.of(first), repository().list(user, TaskQuery.newest(100)));
    assertEquals(
        ContentFields.names(),
        ContentFields.inWhichOneAloneDiffers(first, others),
        "Each field of the content must be tried here");
  }

  @Test
  default void aKeyOutlivesItsTask() {
    Task first = aTask().build();
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    repository().create(first.userId(), asNew(first), key);
    repository().delete(first.userId(), first.id(), Precondition.NONE);
    Task retry = aTask().of(first.userId()).saying(first.content()).createdAt(later(1)).build();

    assertEquals(
        new CreateResult.Replayed(first), repository().create(first.userId(), asNew(retry), key));

    assertEquals(List.of(), repository().list(first.userId(), TaskQuery.newest(100)));
  }

  @Test
  default void aKeyIsForgottenAfterItsTime() {
    UserId user = someUser();
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    Task first = aTask().of(user).build();
    Task justInTime = aTask().of(user).createdAfter(KEY_RETENTION).build();
    Task tooLate = aTask().of(user).createdAfter(KEY_RETENTION.plusNanos(1000)).build();
    Task afterThat = aTask().of(user).createdAfter(KEY_RETENTION.plusSeconds(1)).build();
    repository().create(user, asNew(first), key);

    assertEquals(
        new CreateResult.Replayed(first), repository().create(user, asNew(justInTime), key));
    assertEquals(new CreateResult.Created(tooLate), repository().create(user, asNew(tooLate), key));
    assertEquals(
        new CreateResult.Replayed(tooLate), repository().create(user, asNew(afterThat), key));
    assertEquals(List.of(tooLate, first), repository().list(user, TaskQuery.newest(100)));
  }

  private Task stored(Task task) {
    assertEquals(
        new CreateResult.Created(task), repository().create(task.userId(), asNew(task), null));
    return task;
  }

  private WriteResult change(Task task, TaskChange change, Instant now) {
    return repository().change(task.userId(), task.id(), change, Precondition.NONE, now);
  }

  private static Task done(WriteResult result) {
    return result.match(
        WriteResult.Done::task,
        notFound -> fail("The task that was to be changed is not found"),
        stale -> fail("The change was refused: " + stale));
  }

  private static Precondition only(Revision revision) {
    return new Precondition.RevisionIn(Set.of(revision));
  }

  private static Instant later(int seconds) {
    return CREATED.plusSeconds(seconds);
  }
}
