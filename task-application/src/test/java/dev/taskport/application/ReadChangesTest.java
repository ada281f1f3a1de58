package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@link ReadChanges}, and what tells that there is something to read. */
class ReadChangesTest {
  private final InMemoryTaskRepository tasks = new InMemoryTaskRepository();
  private final ReadChanges readChanges = new ReadChanges(tasks);
  private final FindMark findMark = new FindMark(tasks);
  private final WatchChanges watchChanges = new WatchChanges(tasks);
  private final UserId user = someUser();

  @Test
  void aFollowerReadsTheTasksAndThenWhatChanges() {
    Task first = aTask().of(user).storedIn(tasks);
    Task second = aTask().of(user).storedIn(tasks);

    LogReading.Page beginning = read(null, 1);
    assertEquals(List.of(first.id()), ids(beginning));
    assertTrue(beginning.more());
    LogReading.Page rest = read(beginning.next(), 1);
    assertEquals(List.of(second.id()), ids(rest));
    tasks.delete(user, first.id(), Precondition.NONE);
    assertEquals(List.of(first.id()), ids(read(rest.next(), 1)));
  }

  @Test
  void theMarkTellsThatTasksWereChanged() {
    assertEquals(LogMark.NONE, findMark.find(user));
    aTask().of(user).storedIn(tasks);
    LogMark mark = findMark.find(user);
    assertNotEquals(LogMark.NONE, mark);

    aTask().storedIn(tasks);
    assertEquals(mark, findMark.find(user));
  }

  @Test
  void theMarksOfManyUsersAreAskedForAtOnce() {
    aTask().of(user).storedIn(tasks);
    UserId other = someUser();

    assertEquals(
        Map.of(user, findMark.find(user), other, LogMark.NONE),
        watchChanges.marks(Set.of(user, other)));
  }

  @Test
  void theStoreIsNotAskedAboutNobody() {
    WatchChanges watch =
        new WatchChanges(
            users -> {
              throw new AssertionError("Asked about " + users);
            });

    assertEquals(Map.of(), watch.marks(Set.of()));
  }

  private LogReading.Page read(@Nullable SyncPoint since, int limit) {
    return readChanges
        .read(user, since, limit)
        .match(
            page -> page,
            startOver -> {
              throw new AssertionError("The log can be read on");
            });
  }

  private static List<TaskId> ids(LogReading.Page page) {
    return page.entries().stream().map(LogEntry::id).toList();
  }
}
