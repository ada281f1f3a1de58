package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Description;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskOrder.Direction;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskRepository} promises about values: a read returns exactly what was written, for
 * all characters and times. A part of {@link TaskRepositoryContract}.
 */
public interface StoredValuesContract extends Contract {
  /** Times at which the formats of some stores end, change or repeat, in order. */
  List<Instant> TIMES =
      Stream.of(
              "0001-01-01T00:00:00Z", // the first that RFC 3339 can tell
              "0999-12-31T23:59:59.999999Z",
              "1582-10-10T12:00:00Z", // days that the calendar left out
              "1677-09-21T00:12:43.145223Z", // nanoseconds in 64 bits
              "1883-11-18T12:03:57.999999Z", // local times before time zones
              "1900-01-01T00:00:00Z",
              "1901-12-13T20:45:51.999999Z", // seconds in 32 bits
              "1969-12-31T23:59:59.999999Z",
              "1970-01-01T00:00:00Z",
              "1970-01-01T00:00:00.000001Z",
              "1999-12-31T23:59:59.999999Z",
              "2016-12-31T23:59:59.500000Z", // beside a leap second
              "2026-03-29T01:30:00.100000Z", // an hour that European clocks skip
              "2026-10-25T00:30:00.120000Z", // one that they tell twice
              "2026-10-25T01:30:00.123000Z",
              "2038-01-19T03:14:08.000001Z", // seconds in 32 bits
              "2106-02-07T06:28:16.000001Z", // ... without a sign
              "2262-04-11T23:47:16.854776Z", // nanoseconds in 64 bits
              "9999-12-31T23:59:59.999999Z") // the last that RFC 3339 can tell
          .map(Instant::parse)
          .toList();

  @Test
  default void everyCharacterIsKeptAsItIs() {
    for (String text : LookAlikes.texts(Title.MAX_LENGTH - 2)) {
      assertKept(aTask().called("(" + text + ")").described(text).build());
    }
    for (String text :
        List.of(
            "'\"\\%_$1 ${x} {0} &amp; <b> -- ; /* */ \\0 \\u0041",
            "\uD83D\uDC69\u200D\uD83D\uDCBB",
            "\uFEFFx",
            "\uFFFD\uFFFF",
            "\u202Eabc",
            "null",
            "NULL",
            "true",
            "1e400",
            "007")) {
      UserId user = UserId.parse(someUser() + text);
      assertKept(aTask().of(user).called(text).described(text).build());
    }
    for (String text : List.of("a\tb\r\nc\n", "\r", "\n\n", "  ", "\t")) {
      assertKept(aTask().described(text).build());
    }
  }

  private void assertKept(Task task) {
    stored(task);
    assertFound(task, "find: every character that was created is kept");
    Task old = aTask().of(task.userId()).called("old").described("old").build();
    stored(old);
    Edit edit = Edit.NOTHING.withTitle(task.title()).withDescription(task.description());
    Task edited = old.apply(edit, CREATED);
    assertEquals(
        new WriteResult.Done(edited),
        repository().change(old.userId(), old.id(), edit, Precondition.NONE, CREATED),
        "change: the answer has every character of the edit");
    assertFound(edited, "find: every character of an edit is kept");
  }

  @Test
  default void theLongestValuesFitInCodePoints() {
    for (String character : List.of("\uD83D\uDE00", "x", "\u20AC", "'")) {
      Task task =
          aTask()
              .of(UserId.parse(character.repeat(UserId.MAX_LENGTH - 36) + UUID.randomUUID()))
              .called(character.repeat(Title.MAX_LENGTH))
              .described(character.repeat(Description.MAX_LENGTH))
              .build();
      stored(task);

      assertFound(task, "find: the longest values are kept whole");
    }
  }

  @Test
  default void keysThatLookAlikeAreDifferent() {
    UserId user = someUser();
    String longest = "k".repeat(IdempotencyKey.MAX_LENGTH - 1);
    List<IdempotencyKey> keys =
        Stream.of(
                "key",
                "KEY",
                "Key",
                "key.",
                "1",
                "01",
                "1.0",
                "1e0",
                "%",
                "_",
                "*",
                "Aa",
                "BB",
                "null",
                "NULL",
                "\\",
                "\\\\",
                "'",
                "''",
                "\"",
                "`",
                "k".repeat(32),
                "k".repeat(64),
                "k".repeat(128),
                longest,
                longest + "1",
                longest + "2")
            .map(IdempotencyKey::parse)
            .toList();
    List<Task> tasks =
        keys.stream()
            .map(key -> aTask().of(user).called("By " + key.value().length()).build())
            .toList();
    for (int i = 0; i < keys.size(); i++) {
      assertEquals(
          new CreateResult.Created(tasks.get(i)),
          repository().create(user, asNew(tasks.get(i)), keys.get(i)),
          "create: a key is another one if one character is another: " + keys.get(i));
    }
    for (int i = 0; i < keys.size(); i++) {
      assertEquals(
          new CreateResult.Replayed(tasks.get(i)),
          repository().create(user, asNew(tasks.get(i)), keys.get(i)),
          "create: each key is kept whole: " + keys.get(i));
    }
  }

  @Test
  default void contentsThatLookAlikeAreDifferent() {
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    for (List<String> pair :
        List.of(
            List.of("Buy milk", "buy milk"),
            List.of("e\u0301", "\u00E9"),
            List.of("Aa", "BB"),
            List.of("a  b", "a b"),
            List.of("a\u00A0b", "a b"),
            List.of("\uD83D\uDE00", "\uD83D\uDE01"))) {
      Task first = aTask().called(pair.get(0)).described(pair.get(0)).build();
      repository().create(first.userId(), asNew(first), key);
      SampleTasks retry = aTask().of(first.userId()).saying(first.content());
      for (Task other :
          List.of(retry.called(pair.get(1)).build(), retry.described(pair.get(1)).build())) {
        assertEquals(
            new CreateResult.KeyReused(),
            repository().create(first.userId(), asNew(other), key),
            "create: a content is another one if one character is another: " + pair);
      }
    }
  }

  @Test
  default void everyMicrosecondOfTheYears1To9999IsKept() {
    for (Instant time : TIMES) {
      Task task = aTask().createdAt(time).build();
      stored(task);
      assertFound(task, "find: a time of creation is kept");

      Task old = aTask().createdAt(TIMES.get(0)).build();
      stored(old);
      Task edited = old.apply(Edit.NOTHING, time);
      assertEquals(
          new WriteResult.Done(edited),
          repository().change(old.userId(), old.id(), Edit.NOTHING, Precondition.NONE, time),
          "change: the answer has the time of the change");
      assertFound(edited, "find: a time of a change is kept");
    }
  }

  @Test
  default void everyTimeHasItsPlaceInListsAndBounds() {
    UserId user = someUser();
    List<Task> tasks = new ArrayList<>();
    for (Instant time : TIMES) {
      Task task = aTask().of(user).createdAt(time).build();
      stored(task);
      tasks.add(task);
    }
    TaskOrder oldestFirst = new TaskOrder(TaskOrder.Key.CREATED_AT, Direction.ASCENDING);
    TaskQuery whole = new TaskQuery(TaskFilter.ALL, oldestFirst, PageStart.FIRST, 100);
    assertEquals(tasks, repository().list(user, whole), "list: earlier times come first");
    for (int i = 0; i < tasks.size(); i++) {
      Instant time = TIMES.get(i);
      Position position = new Position.ByCreatedAt(time, tasks.get(i).id());
      assertEquals(
          tasks.subList(i + 1, tasks.size()),
          repository().list(user, whole.from(new PageStart.After(position))),
          "list: what is later follows a position of this time: " + time);
      assertEquals(
          tasks.size() - i - 1,
          repository().count(user, new TaskFilter(null, null, time, null, null, null)),
          "count: what was created later than this time: " + time);
      assertEquals(
          i,
          repository().count(user, new TaskFilter(null, null, null, null, null, time)),
          "count: what was last modified earlier than this time: " + time);
    }
  }

  private void stored(Task task) {
    assertEquals(
        new CreateResult.Created(task),
        repository().create(task.userId(), asNew(task), null),
        "create: the answer is the task as Task.create makes it");
  }

  private void assertFound(Task task, String message) {
    assertEquals(Optional.of(task), repository().find(task.userId(), task.id()), message);
  }
}
