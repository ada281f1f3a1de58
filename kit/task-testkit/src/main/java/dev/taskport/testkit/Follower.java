package dev.taskport.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskChangeLog;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps a copy of a user's tasks by reading the log, and checks every page. */
final class Follower {
  private static final int MOST_PAGES = 10_000;

  private final TaskChangeLog log;
  private final UserId user;
  private final Map<TaskId, Task> tasks;
  private @Nullable SyncPoint point;

  /** One who has not read anything yet. */
  Follower(TaskChangeLog log, UserId user) {
    this(log, user, Map.of(), null);
  }

  private Follower(
      TaskChangeLog log, UserId user, Map<TaskId, Task> tasks, @Nullable SyncPoint point) {
    this.log = log;
    this.user = user;
    this.tasks = new HashMap<>(tasks);
    this.point = point;
  }

  /** Another one with the same copy, who goes on from here. */
  Follower again() {
    return new Follower(log, user, tasks, point);
  }

  /** Another one who goes on from this point. */
  Follower at(SyncPoint newPoint) {
    return new Follower(log, user, tasks, newPoint);
  }

  UserId user() {
    return user;
  }

  Map<TaskId, Task> tasks() {
    return tasks;
  }

  Optional<Task> held(TaskId id) {
    return Optional.ofNullable(tasks.get(id));
  }

  /** Where to read on; {@code null} at the beginning. */
  @Nullable SyncPoint point() {
    return point;
  }

  /** The number of the last change that was read. */
  long number() {
    return point == null ? -1 : point.number();
  }

  /** Reads one page and applies it. */
  LogReading.Page read(int limit) {
    LogReading.Page page =
        log.read(user, point, limit)
            .match(
                read -> read,
                startOver ->
                    fail(
                        "read: a point from the log's last page is read on, not refused: "
                            + point));
    check(page, limit);
    for (LogEntry entry : page.entries()) {
      entry.match(
          stored -> tasks.put(stored.id(), stored.task()), deleted -> tasks.remove(deleted.id()));
    }
    point = page.next();
    return page;
  }

  /** Reads on until there is no more. */
  Follower readOn(IntSupplier limit) {
    for (int pages = 0; read(limit.getAsInt()).more(); pages++) {
      assertTrue(
          pages < MOST_PAGES, "read: the pages come to an end, not after " + MOST_PAGES + " only");
    }
    return this;
  }

  private void check(LogReading.Page page, int limit) {
    assertTrue(
        page.entries().size() <= limit,
        "read: a page has at most as many entries as are asked for: " + page);
    assertFalse(
        page.more() && page.entries().isEmpty(),
        "read: a page that says there is more has an entry: " + page);
    Set<TaskId> told = new HashSet<>();
    SyncPoint last = point;
    for (LogEntry entry : page.entries()) {
      assertTrue(
          last == null || isAfter(last, entry),
          "read: entries come after the point and in the order of their numbers: " + page);
      last = entry.point();
      assertTrue(told.add(entry.id()), "read: a page tells each task once: " + page);
      entry.match(
          stored -> {
            assertEquals(user, stored.task().userId(), "read: the tasks are the user's own");
            return stored;
          },
          deleted -> {
            assertEquals(
                deleted.deletedAt().truncatedTo(ChronoUnit.MICROS),
                deleted.deletedAt(),
                "read: the time of a deletion is in microseconds");
            return deleted;
          });
    }
    assertFalse(
        last != null && isBefore(page.next(), last),
        "read: the next page begins after the last entry: " + page);
  }

  private static boolean isAfter(SyncPoint last, LogEntry entry) {
    long number = entry.point().number();
    TaskId among = last.id();
    return number > last.number()
        || (number == 0 && among != null && entry.id().compareTo(among) > 0);
  }

  private static boolean isBefore(SyncPoint next, SyncPoint last) {
    return next.number() < last.number()
        || (next.number() == last.number()
            && next.id() != null
            && (last.id() == null || next.id().compareTo(last.id()) < 0));
  }

  @Override
  public String toString() {
    return "a follower at " + point + " with " + tasks.values();
  }
}
