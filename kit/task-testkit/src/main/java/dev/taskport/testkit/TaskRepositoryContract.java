package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskRepository} promises to a single caller. A store's test implements this, {@link
 * TaskListContract}, {@link ConcurrentTaskRepositoryContract} and {@link
 * ModelTaskRepositoryContract}, and {@link KeyExpiryContract} if its keys can be made older. Each
 * test uses new users, so the store need not be emptied between tests.
 */
public interface TaskRepositoryContract extends OtherUsersContract, StoredValuesContract {
  /** How long the store under test must be configured to remember idempotency keys. */
  Duration KEY_RETENTION = Duration.ofHours(24);

  @Test
  default void whatIsCreatedIsFound() {
    Task task = aTask().build();

    assertEquals(
        new CreateResult.Created(task),
        repository().create(task.userId(), asNew(task), null),
        "create: the answer is the task as Task.create makes it");

    assertFound(task, "find: a created task is found as it was answered");
  }

  @Test
  default void aTaskMayHaveNoDescriptionOrAnEmptyOne() {
    UserId user = someUser();
    Task none = aTask().of(user).described(null).build();
    Task empty = aTask().of(user).described("").build();
    stored(none);
    stored(empty);

    assertFound(none, "find: no description stays none");
    assertFound(empty, "find: an empty description stays empty");
  }

  @Test
  default void aMissingTaskIsNotFoundChangedOrDeleted() {
    UserId user = someUser();
    TaskId id = someId();

    assertEquals(
        Optional.empty(), repository().find(user, id), "find: a missing task is not found");
    for (Precondition precondition :
        List.of(Precondition.NONE, only(new Revision(CREATED, 1)), only())) {
      for (TaskChange change :
          List.of(Edit.NOTHING, new SetCompleted(false), new ToggleCompleted())) {
        assertEquals(
            new WriteResult.NotFound(),
            repository().change(user, id, change, precondition, CREATED),
            "change: a missing task is not found, whatever the precondition");
      }
      assertEquals(
          new WriteResult.NotFound(),
          repository().delete(user, id, precondition),
          "delete: a missing task is not found, whatever the precondition");
    }
    assertEquals(
        List.of(),
        repository().list(user, TaskQuery.newest(100)),
        "change: a missing task is not made");
  }

  @Test
  default void anIdThatIsTakenIsRefusedWithTheTaskThatHasIt() {
    Task task = stored(aTask().build());
    Task same = aTask().of(task.userId()).under(task.id()).called("Other").build();

    assertEquals(
        new CreateResult.Exists(task),
        repository().create(task.userId(), asNew(same), null),
        "create: an id that is taken is answered with the task that has it");

    assertListed(List.of(task), "create: an id that is taken leaves the task that has it alone");
  }

  @Test
  default void anEditChangesWhatItNamesAndRaisesTheVersion() {
    Task task = stored(aTask().build());

    Task changed = done(change(task, Edit.NOTHING.withTitle(Title.parse("Buy bread")), later(1)));

    assertEquals(
        task.apply(Edit.NOTHING.withTitle(Title.parse("Buy bread")), later(1)),
        changed,
        "change: an edit changes what it names, the time and the version, and nothing else");
    assertFound(changed, "find: an edited task is found as the edit was answered");
  }

  @Test
  default void anEditSetsClearsAndKeepsTheDescription() {
    Task task = stored(aTask().build());

    Task kept = done(change(task, Edit.NOTHING.withCompleted(true), later(1)));
    assertEquals(
        task.description(),
        kept.description(),
        "change: an edit that doesn't name the description keeps it");
    assertTrue(kept.completed(), "change: an edit sets the state that it names");

    Description other = Description.parse("Three litres");
    Task described = done(change(task, Edit.NOTHING.withDescription(other), later(2)));
    assertEquals(other, described.description(), "change: an edit sets the description");
    assertTrue(described.completed(), "change: an edit that doesn't name the state keeps it");
    assertFound(described, "find: the description is the one that an edit set");
    Description empty = Description.parse("");
    Task emptied = done(change(task, Edit.NOTHING.withDescription(empty), later(3)));
    assertEquals(empty, emptied.description(), "change: an edit sets an empty description");
    assertFound(emptied, "find: the description is the empty one that an edit set");
    Task cleared = done(change(task, Edit.NOTHING.withDescription(null), later(4)));
    assertNull(cleared.description(), "change: an edit clears the description");
    assertFound(cleared, "find: a description that an edit cleared is gone");
    Task reopened = done(change(task, Edit.NOTHING.withCompleted(false), later(5)));
    assertFalse(reopened.completed(), "change: an edit sets the state that it names, back too");
    assertFound(reopened, "find: the state is the one that an edit set");
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

          assertEquals(
              Set.of(field),
              ContentFields.inWhichOneAloneDiffers(task, List.of(changed)),
              "change: an edit changes the field that it names and no other");
          assertEquals(
              task.apply(edit, later(1)),
              changed,
              "change: the answer is the task as Task.apply makes it");
          assertFound(changed, "find: the " + field + " is the one that an edit set");
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

  /** Checks that the task is found as it was created, and then as it was changed. */
  private void keeps(Edit edit) {
    Task created = stored(aTask().edited(edit).build());
    assertFound(created, "find: every value of the content is kept");

    Task task = stored(aTask().build());
    Task changed = done(change(task, edit, later(1)));
    assertEquals(
        created.content(), changed.content(), "change: every value of the content can be set");
    assertFound(changed, "find: every value of an edit is kept");
  }

  @Test
  default void anEmptyEditIsStillAModification() {
    Task task = stored(aTask().build());

    Task changed = done(change(task, Edit.NOTHING, later(1)));

    assertEquals(later(1), changed.updatedAt(), "change: an empty edit is a modification");
    assertEquals(2, changed.version(), "change: an empty edit raises the version");
    assertFound(changed, "find: an empty edit is stored");
    Task same = done(change(task, Edit.NOTHING.withTitle(task.title()), later(2)));
    assertEquals(3, same.version(), "change: an edit to the old values raises the version");
    assertFound(same, "find: an edit to the old values is stored");
  }

  @Test
  default void aToggleTurnsTheStateEachTime() {
    Task task = stored(aTask().build());

    Task once = done(change(task, new ToggleCompleted(), later(1)));
    assertEquals(
        task.apply(new ToggleCompleted(), later(1)),
        once,
        "change: a toggle completes what is to be done, and changes nothing else");
    assertFound(once, "find: a toggled task is found as the toggle was answered");

    Task twice = done(change(task, new ToggleCompleted(), later(2)));
    assertEquals(
        once.apply(new ToggleCompleted(), later(2)),
        twice,
        "change: a second toggle undoes the first");
    assertFound(twice, "find: a toggled task is found as the toggle was answered");
  }

  @Test
  default void settingTheStateThatIsThereChangesNothing() {
    Task task = stored(aTask().build());

    Task set = done(change(task, new SetCompleted(true), later(1)));
    Task again = done(change(task, new SetCompleted(true), later(2)));

    assertEquals(
        task.apply(new SetCompleted(true), later(1)),
        set,
        "change: setting another state is a modification");
    assertEquals(set, again, "change: setting the state that is there changes nothing");
    assertFound(set, "find: setting the state that is there stores nothing");
    Task back = done(change(task, new SetCompleted(false), later(3)));
    assertEquals(
        set.apply(new SetCompleted(false), later(3)),
        back,
        "change: setting the state back is a modification");
    assertFound(back, "find: the state is the one that was set");
  }

  @Test
  default void aChangeByASlowClockDoesNotMakeATaskLookOlder() {
    Task task = stored(aTask().build());
    change(task, new ToggleCompleted(), later(5));

    Task changed = done(change(task, new ToggleCompleted(), later(2)));

    assertEquals(
        later(5), changed.updatedAt(), "change: the time of the last modification never goes back");
    assertEquals(3, changed.version(), "change: a modification by a slow clock is one");
    assertFound(changed, "find: the time of the last modification never goes back");
    Task edited = done(change(task, Edit.NOTHING, later(1)));
    assertEquals(
        later(5),
        edited.updatedAt(),
        "change: nor does an edit take the time of the last one back");
  }

  @Test
  default void timesAreCutToMicroseconds() {
    UserId user = someUser();
    Instant almostTheNext = CREATED.plusNanos(999);
    NewTask newTask = new NewTask(someId(), SampleTasks.CONTENT, almostTheNext);
    Task created = Task.create(user, newTask);

    assertEquals(
        new CreateResult.Created(created),
        repository().create(user, newTask, null),
        "create: the time is cut to microseconds");
    assertFound(created, "find: the time of creation is in microseconds");

    Task toggled = done(change(created, new ToggleCompleted(), later(1).plusNanos(999)));

    assertEquals(later(1), toggled.updatedAt(), "change: the time is cut to microseconds");
    assertFound(toggled, "find: the time of the last modification is in microseconds");
  }

  @Test
  default void aWriteUnderAPreconditionHappensOnlyInThatState() {
    Task task = stored(aTask().build());
    Precondition first = only(task.revision());

    Task changed =
        done(repository().change(task.userId(), task.id(), Edit.NOTHING, first, later(1)));

    assertEquals(
        task.apply(Edit.NOTHING, later(1)),
        changed,
        "change: a precondition that holds lets the change through");
    WriteResult stale = new WriteResult.Stale(changed);
    for (TaskChange change :
        List.of(Edit.NOTHING, new SetCompleted(false), new SetCompleted(true))) {
      assertEquals(
          stale,
          repository().change(task.userId(), task.id(), change, first, later(2)),
          "change: a precondition that fails is answered with the task as it is");
    }
    assertEquals(
        stale,
        repository().delete(task.userId(), task.id(), first),
        "delete: a precondition that fails is answered with the task as it is");
    assertFound(changed, "find: a refused write changes nothing");

    Precondition either = only(task.revision(), changed.revision());
    assertEquals(
        new WriteResult.Done(changed),
        repository().delete(task.userId(), task.id(), either),
        "delete: one of the precondition's states is enough");
    assertListed(List.of(), task.userId(), "delete: the task is gone");
    Task other = stored(aTask().build());
    assertEquals(
        new WriteResult.Done(other.apply(new ToggleCompleted(), later(1))),
        repository()
            .change(
                other.userId(),
                other.id(),
                new ToggleCompleted(),
                only(new Revision(later(7), 3), other.revision(), new Revision(CREATED, 9)),
                later(1)),
        "change: one of the precondition's states is enough");
  }

  @Test
  default void noStateAllowsNoWrite() {
    Task task = stored(aTask().build());

    assertEquals(
        new WriteResult.Stale(task),
        repository().change(task.userId(), task.id(), new ToggleCompleted(), only(), later(1)),
        "change: an empty precondition allows nothing");
    assertEquals(
        new WriteResult.Stale(task),
        repository().delete(task.userId(), task.id(), only()),
        "delete: an empty precondition allows nothing");
    assertFound(task, "find: a refused write changes nothing");
  }

  @Test
  default void aTaskCreatedAgainUnderItsIdIsInAnotherState() {
    Task task = stored(aTask().build());
    change(task, new ToggleCompleted(), later(1));
    repository().delete(task.userId(), task.id(), Precondition.NONE);
    Task again = stored(aTask().of(task.userId()).under(task.id()).createdAt(later(2)).build());

    assertFound(again, "find: nothing is left of a deleted task of the same id");
    assertEquals(
        new WriteResult.Stale(again),
        repository()
            .change(
                task.userId(), task.id(), new ToggleCompleted(), only(task.revision()), later(3)),
        "change: a state of an earlier task of the same id is not this one's");
    assertEquals(
        new WriteResult.Stale(again),
        repository().delete(task.userId(), task.id(), only(task.revision())),
        "delete: a state of an earlier task of the same id is not this one's");
  }

  @Test
  default void aDeletedTaskIsReturnedOnceAndGone() {
    UserId user = someUser();
    Task stays = stored(aTask().of(user).createdAt(later(-1)).build());
    Task task = stored(aTask().of(user).build());
    Task changed = done(change(task, new ToggleCompleted(), later(1)));

    assertEquals(
        new WriteResult.Done(changed),
        repository().delete(user, task.id(), Precondition.NONE),
        "delete: the answer is the task as it was last");
    assertEquals(
        new WriteResult.NotFound(),
        repository().delete(user, task.id(), Precondition.NONE),
        "delete: what is deleted can't be deleted again");
    assertEquals(
        Optional.empty(), repository().find(user, task.id()), "find: what is deleted is not found");
    assertEquals(
        new WriteResult.NotFound(),
        change(task, new ToggleCompleted(), later(2)),
        "change: what is deleted can't be changed");
    assertListed(List.of(stays), "delete: one task goes, and no other");
  }

  @Test
  default void theSameKeyAndContentGiveTheFirstTaskAgain() {
    Task first = aTask().build();
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    repository().create(first.userId(), asNew(first), key);
    change(first, new ToggleCompleted(), later(1));
    Task retry = aTask().of(first.userId()).saying(first.content()).createdAt(later(2)).build();

    assertEquals(
        new CreateResult.Replayed(first),
        repository().create(first.userId(), asNew(retry), key),
        "create: a retry with the key is answered with the task as it was first created");

    assertEquals(
        1,
        repository().list(first.userId(), TaskQuery.newest(100)).size(),
        "create: a retry with the key stores nothing");
    change(first, Edit.NOTHING.withTitle(Title.parse("Edited")), later(3));
    assertEquals(
        new CreateResult.Replayed(first),
        repository().create(first.userId(), asNew(retry), key),
        "create: a retry is compared with what was first created, not with the edited task");
  }

  @Test
  default void aKeyTakesPrecedenceOverTheId() {
    Task first = aTask().build();
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    repository().create(first.userId(), asNew(first), key);
    change(first, new ToggleCompleted(), later(1));

    assertEquals(
        new CreateResult.Replayed(first),
        repository().create(first.userId(), asNew(first), key),
        "create: a retry under the same id is a replay, not an id that is taken");
    Task other = aTask().of(first.userId()).under(first.id()).called("Other").build();
    assertEquals(
        new CreateResult.KeyReused(),
        repository().create(first.userId(), asNew(other), key),
        "create: a key of another content is told before an id that is taken");
  }

  @Test
  default void aRefusedCreationLeavesNoKey() {
    Task task = stored(aTask().build());
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    Task sameId = aTask().of(task.userId()).under(task.id()).called("Other").build();
    assertEquals(
        new CreateResult.Exists(task),
        repository().create(task.userId(), asNew(sameId), key),
        "create: with a new key, too, an id that is taken is answered with its task");

    Task next = aTask().of(task.userId()).called("Next").createdAt(later(1)).build();
    assertEquals(
        new CreateResult.Created(next),
        repository().create(task.userId(), asNew(next), key),
        "create: a creation that was refused left its key free");
  }

  @Test
  default void theCallersClockDoesNotAgeAKey() {
    for (Instant time : List.of(CREATED, Instant.parse("1999-12-31T23:59:59Z"))) {
      Task first = aTask().createdAt(time).build();
      IdempotencyKey key = IdempotencyKey.parse("k-1");
      repository().create(first.userId(), asNew(first), key);
      for (Duration difference : List.of(Duration.ofDays(-3650), Duration.ofDays(3650))) {
        Instant other = time.plus(difference);
        Task retry = aTask().of(first.userId()).createdAt(other).build();
        assertEquals(
            new CreateResult.Replayed(first),
            repository().create(first.userId(), asNew(retry), key),
            "create: a key is as old as the store's own clock says, not the caller's");
      }
    }
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
      assertEquals(
          new CreateResult.KeyReused(),
          repository().create(user, asNew(other), key),
          "create: a key that was used for another content is refused: " + other.content());
    }

    assertListed(List.of(first), "create: a creation whose key is refused stores nothing");
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
        new CreateResult.Replayed(first),
        repository().create(first.userId(), asNew(retry), key),
        "create: a key outlives its task's deletion");

    assertListed(List.of(), first.userId(), "create: a replay doesn't bring a deleted task back");
  }

  private Task stored(Task task) {
    assertEquals(
        new CreateResult.Created(task),
        repository().create(task.userId(), asNew(task), null),
        "create: the answer is the task as Task.create makes it");
    return task;
  }

  private void assertFound(Task task, String message) {
    assertEquals(Optional.of(task), repository().find(task.userId(), task.id()), message);
  }

  /** At least one. */
  private void assertListed(List<Task> tasks, String message) {
    assertListed(tasks, tasks.get(0).userId(), message);
  }

  private void assertListed(List<Task> tasks, UserId user, String message) {
    assertEquals(tasks, repository().list(user, TaskQuery.newest(100)), message);
  }

  private WriteResult change(Task task, TaskChange change, Instant now) {
    return repository().change(task.userId(), task.id(), change, Precondition.NONE, now);
  }

  private static Task done(WriteResult result) {
    return result.match(
        WriteResult.Done::task,
        notFound -> fail("change: a task that is there is found"),
        stale -> fail("change: a precondition that holds lets the change through: " + stale));
  }

  private static Precondition only(Revision... revisions) {
    return new Precondition.RevisionIn(Set.of(revisions));
  }

  private static Instant later(int seconds) {
    return CREATED.plusSeconds(seconds);
  }
}
