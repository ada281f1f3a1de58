package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskTrash} and {@link TaskChangeLog} promise about the age of deletions. A store's
 * test implements this, too, if it can make deletions older than they are.
 */
public interface DeletionExpiryContract extends TaskTrashContract {
  /** How long the store under test must be configured to keep deleted tasks. */
  Duration DELETED_RETENTION = Duration.ofDays(5);

  /** How long the store under test must be configured to tell deletions. */
  Duration CHANGES_RETENTION = Duration.ofDays(30);

  /** By when nothing of a deleted task may be left but its deletion. */
  Duration CONTENT_FORGOTTEN = DELETED_RETENTION.multipliedBy(3);

  /** By when a store that forgets deletions has forgotten them. */
  Duration DELETION_FORGOTTEN = CHANGES_RETENTION.multipliedBy(3);

  /**
   * Makes the user's deletions older by this much: changes what is stored of them, or puts the
   * store's clock forward. A store that removes what has expired in the background does it now.
   */
  void age(UserId user, Duration time);

  @Test
  default void aDeletedTaskIsKeptForTheRetention() {
    UserId user = someUser();
    Task first = deleted(user);
    Task second = deleted(user);

    age(user, DELETED_RETENTION.minusMinutes(10));

    assertEquals(
        List.of(second, first),
        trashed(user),
        "listDeleted: deleted tasks are kept at least for the retention");
    assertEquals(
        Optional.of(first.restored(CREATED)),
        trash().restore(user, first.id(), CREATED),
        "restore: deleted tasks are kept at least for the retention");
    assertEquals(
        new WriteResult.Done(second),
        trash().deletePermanently(user, second.id(), Precondition.NONE),
        "deletePermanently: deleted tasks are kept at least for the retention");
  }

  @Test
  default void someTimeAfterTheRetentionNothingOfADeletedTaskIsLeft() {
    UserId user = someUser();
    Task old = deleted(user);
    Task kept = aTask().of(user).storedIn(repository());
    age(user, CONTENT_FORGOTTEN);
    Task young = deleted(user);

    assertEquals(
        List.of(young), trashed(user), "listDeleted: an expired task is not listed, others are");
    assertEquals(
        Optional.empty(),
        trash().restore(user, old.id(), CREATED),
        "restore: an expired task is not restored");
    assertEquals(
        new WriteResult.NotFound(),
        trash().deletePermanently(user, old.id(), Precondition.NONE),
        "deletePermanently: an expired task is not found");
    assertEquals(
        List.of(kept),
        repository().list(user, TaskQuery.newest(10)),
        "list: what was not deleted doesn't expire");
    Task again = aTask().of(user).under(old.id()).build();
    assertEquals(
        new CreateResult.Created(again),
        repository().create(user, asNew(again), null),
        "create: an expired task's id is free");
  }

  @Test
  default void aDeletionIsToldForItsRetention() {
    UserId user = someUser();
    Task first = aTask().of(user).storedIn(repository());
    Task second = aTask().of(user).storedIn(repository());
    Task kept = aTask().of(user).storedIn(repository());
    Follower follower = new Follower(changeLog(), user).readOn(() -> 10);
    repository().delete(user, first.id(), Precondition.NONE);
    trash().deletePermanently(user, second.id(), Precondition.NONE);

    age(user, CHANGES_RETENTION.minusMinutes(10));

    assertEquals(
        List.of(first.id(), second.id()),
        follower.read(10).entries().stream().map(LogEntry::id).toList(),
        "read: deletions are told at least for their retention, their content gone or not");
    assertEquals(
        Map.of(kept.id(), kept),
        follower.tasks(),
        "read: who applies the deletions holds the store's tasks");
  }

  @Test
  default void whoMissedAForgottenDeletionStartsOver() {
    UserId user = someUser();
    Task task = aTask().of(user).storedIn(repository());
    Task kept = aTask().of(user).storedIn(repository());
    Follower late = new Follower(changeLog(), user).readOn(() -> 10);
    repository().delete(user, task.id(), Precondition.NONE);

    age(user, DELETION_FORGOTTEN);

    boolean told =
        changeLog()
            .read(user, late.point(), 10)
            .match(
                page -> page.entries().stream().anyMatch(entry -> entry.id().equals(task.id())),
                startOver -> true);
    assertTrue(
        told, "read: who missed a deletion that is forgotten is told to start over, not nothing");
    assertEquals(
        Map.of(kept.id(), kept),
        new Follower(changeLog(), user).readOn(() -> 1).tasks(),
        "read: who starts over holds the store's tasks");
  }

  @Test
  default void whoIsUpToDateIsNotRefusedForForgottenDeletions() {
    UserId user = someUser();
    for (int i = 0; i < 3; i++) {
      aTask().of(user).storedIn(repository());
    }
    deleted(user);
    Follower upToDate = new Follower(changeLog(), user).readOn(() -> 10);
    Follower beginning = new Follower(changeLog(), user);
    beginning.read(1);

    age(user, DELETION_FORGOTTEN);

    aTask().of(user).storedIn(repository());
    Map<?, ?> stored = new Follower(changeLog(), user).readOn(() -> 1).tasks();
    assertEquals(
        stored,
        upToDate.readOn(() -> 1).tasks(),
        "read: who has read a deletion reads on after it is forgotten");
    assertEquals(
        stored,
        beginning.readOn(() -> 1).tasks(),
        "read: who began to read after a deletion reads on after it is forgotten");
  }

  private Task deleted(UserId user) {
    Task task = aTask().of(user).storedIn(repository());
    repository().delete(user, task.id(), Precondition.NONE);
    return task;
  }

  private List<Task> trashed(UserId user) {
    return trash().listDeleted(user, TaskTrash.NEWEST, 100).stream()
        .map(DeletedTask::task)
        .toList();
  }
}
