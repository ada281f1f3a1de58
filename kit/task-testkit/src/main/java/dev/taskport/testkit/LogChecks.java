package dev.taskport.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.TaskChangeLog;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the contracts of the log and the trash check alike. */
record LogChecks(TaskRepository repository, TaskChangeLog log, LogMarks marks) {

  /** Makes one change of one task, which the follower reads. */
  void assertLogged(String operation, Follower follower, TaskId id, Runnable change) {
    UserId user = follower.user();
    LogMark before = log.mark(user);
    change.run();
    LogMark after = log.mark(user);

    assertTrue(
        after.number() > before.number(),
        operation
            + ": a change gets a higher number than all before, but the mark went from "
            + before
            + " to "
            + after);
    assertEquals(
        after.started().truncatedTo(ChronoUnit.MICROS),
        after.started(),
        operation + ": the time of a log's start is in microseconds");
    if (!before.equals(LogMark.NONE)) {
      assertEquals(
          before.started(), after.started(), operation + ": a log keeps the time of its start");
    }
    assertEquals(
        Map.of(user, after),
        marks.marks(Set.of(user)),
        operation + ": marks tells the same as mark");
    LogReading.Page page = follower.read(10);
    assertEquals(
        List.of(id),
        page.entries().stream().map(LogEntry::id).toList(),
        operation + ": the log tells the change of the task");
    assertEquals(
        after.number(),
        page.entries().get(0).point().number(),
        operation + ": the mark is the number of the newest change");
    assertEquals(
        repository.find(user, id),
        follower.held(id),
        operation + ": the log tells the task as it is now");
  }

  /** Does what modifies no task. */
  void assertLeft(String what, UserId user, Runnable run) {
    LogMark before = log.mark(user);
    run.run();
    assertEquals(before, log.mark(user), "mark: " + what + " leaves it");
    assertEquals(
        Map.of(user, before), marks.marks(Set.of(user)), "marks: " + what + " leaves them");
  }

  /** Reads so many entries in pages of every size, and on from behind each entry. */
  static void assertPages(Follower from, int entries) {
    List<LogEntry> whole = from.again().read(100).entries();
    List<List<Object>> all = told(whole);
    assertEquals(entries, all.size(), "read: a large page tells everything: " + all);
    for (int limit = 1; limit <= entries + 1; limit++) {
      List<List<Object>> read = new ArrayList<>();
      Follower follower = from.again();
      LogReading.Page page;
      do {
        page = follower.read(limit);
        read.addAll(told(page.entries()));
        assertEquals(
            all.subList(0, Math.min(read.size(), entries)),
            read,
            "read: pages of " + limit + " leave out and repeat nothing");
        assertEquals(
            read.size() < entries,
            page.more(),
            "read: a page says whether there is more, after %d of %d entries in pages of %d"
                .formatted(read.size(), entries, limit));
      } while (page.more());
      assertEquals(all, read, "read: pages of " + limit + " tell everything");
    }
    assertEquals(
        all,
        told(from.again().read(Integer.MAX_VALUE).entries()),
        "read: the largest limit tells everything");
    for (int i = 0; i < entries; i++) {
      assertEquals(
          all.subList(i + 1, entries),
          told(from.at(whole.get(i).point()).read(100).entries()),
          "read: behind the point of an entry come all later ones and no earlier one");
    }
  }

  private static List<List<Object>> told(List<LogEntry> entries) {
    return entries.stream()
        .map(
            entry ->
                List.of(
                    entry.point().number(),
                    entry.id(),
                    entry.<Object>match(LogEntry.Stored::task, LogEntry.Deleted::deletedAt)))
        .toList();
  }
}
