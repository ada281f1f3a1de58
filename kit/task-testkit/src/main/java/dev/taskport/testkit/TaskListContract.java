package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Search;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskOrder.Direction;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskRepository} promises about lists and counts. A store's test implements this
 * beside {@link TaskRepositoryContract}.
 */
public interface TaskListContract extends Contract {
  /** The earliest time that the port allows. */
  Instant FIRST = StoredValuesContract.TIMES.get(0);

  /** The latest time that the port allows. */
  Instant LAST = StoredValuesContract.TIMES.get(StoredValuesContract.TIMES.size() - 1);

  @Test
  default void tasksAreListedNewestFirstAndTheGreaterIdFirstAmongEquals() {
    UserId user = someUser();
    // Compared as signed numbers, these two would be in the opposite order.
    Task low = stored(taskOf(user, "7fffffff-0000-7000-8000-000000000000", CREATED));
    Task high = stored(taskOf(user, "80000000-0000-7000-8000-000000000000", CREATED));
    Task newer = stored(taskOf(user, "00000000-0000-7000-8000-000000000000", later(1)));
    Task older = stored(taskOf(user, "ffffffff-0000-7000-8000-000000000000", later(-1)));

    assertEquals(
        List.of(newer, high, low, older),
        all(user, TaskOrder.NEWEST_FIRST),
        "list: the newest comes first, of one time the greater id, byte by byte without a sign");
    assertEquals(
        List.of(older, low, high, newer),
        all(user, new TaskOrder(TaskOrder.Key.CREATED_AT, Direction.ASCENDING)),
        "list: the oldest comes first, of one time the lesser id");
  }

  @Test
  default void tasksAreListedByTheirLastModification() {
    UserId user = someUser();
    Task modified = stored(aTask().of(user).build());
    Task untouched = stored(aTask().of(user).createdAfter(Duration.ofSeconds(1)).build());
    Task edited = change(modified, TaskChange.Edit.NOTHING, later(2));

    assertEquals(
        List.of(untouched, edited),
        all(user, new TaskOrder(TaskOrder.Key.UPDATED_AT, Direction.ASCENDING)),
        "list: what was modified last comes last");
    assertEquals(
        List.of(edited, untouched),
        all(user, new TaskOrder(TaskOrder.Key.UPDATED_AT, Direction.DESCENDING)),
        "list: what was modified last comes first");
    Task low = stored(taskOf(user, "7fffffff-0000-7000-8000-000000000000", later(5)));
    Task high = stored(taskOf(user, "80000000-0000-7000-8000-000000000000", later(5)));
    assertEquals(
        List.of(high, low, edited, untouched),
        all(user, new TaskOrder(TaskOrder.Key.UPDATED_AT, Direction.DESCENDING)),
        "list: of one time of modification the greater id comes first");
  }

  @Test
  default void aChangeMovesATaskInListsSearchesAndCounts() {
    UserId user = someUser();
    TaskOrder byTitle = new TaskOrder(TaskOrder.Key.TITLE, Direction.ASCENDING);
    Task middle = stored(aTask().of(user).called("Mango").build());
    Task moving = stored(aTask().of(user).called("apple").described("one pear").build());
    assertEquals(List.of(moving, middle), all(user, byTitle), "list: titles are in their order");

    Task renamed =
        change(moving, TaskChange.Edit.NOTHING.withTitle(Title.parse("ZEBRA")), later(1));
    assertEquals(
        List.of(middle, renamed), all(user, byTitle), "list: a new title moves a task at once");
    assertEquals(List.of(), filtered(user, search("apple")), "list: the old title isn't found");
    assertEquals(List.of(renamed), filtered(user, search("zebra")), "list: the new title is found");

    TaskChange describe = TaskChange.Edit.NOTHING.withDescription(Description.parse("TWO plums"));
    Task described = change(renamed, describe, later(2));
    assertEquals(List.of(), filtered(user, search("pear")), "list: the old text isn't found");
    assertEquals(
        List.of(described), filtered(user, search("two p")), "list: the new text is found");

    Task cleared = change(described, TaskChange.Edit.NOTHING.withDescription(null), later(3));
    assertEquals(List.of(), filtered(user, search("plum")), "list: a cleared text isn't found");
    assertEquals(List.of(cleared), filtered(user, search("zeb")), "list: the title still is found");
    TaskOrder byUpdate = new TaskOrder(TaskOrder.Key.UPDATED_AT, Direction.DESCENDING);
    for (TaskChange change :
        List.of(new TaskChange.ToggleCompleted(), new TaskChange.SetCompleted(true))) {
      Task changed = change(middle, change, later(4));
      assertEquals(
          List.of(changed),
          filtered(user, completed(true)),
          "list: what was completed is listed so");
      assertEquals(
          List.of(cleared), filtered(user, completed(false)), "list: ... and not as pending");
      assertEquals(
          new TaskSummary(1, 1), repository().summarize(user), "summarize: ... and counted so");
      assertEquals(
          List.of(changed, cleared),
          all(user, byUpdate),
          "list: what was completed moves among the modified at once");
      middle = changed;
    }
  }

  @Test
  default void titlesAreSortedByCodePointsWithAToZAsSmallLetters() {
    UserId user = someUser();
    List<String> sorted =
        List.of(
            "!  spaced",
            "'quoted'",
            "100",
            "20",
            "[x]",
            "_",
            "apple",
            "Banana",
            "banana split",
            "cherry",
            "Zoo",
            "{x}",
            "\u00C9clair", // not next to e
            "\u00DF",
            "\u00E9clair",
            "\u0130stanbul",
            "\u0131",
            "\uD7FF",
            "\uE000",
            "\uFF5E",
            "\uD83D\uDE00"); // as UTF-16 it would be before U+E000
    List<String> shuffled = new ArrayList<>(sorted);
    Collections.reverse(shuffled);
    shuffled.forEach(title -> stored(aTask().of(user).called(title).build()));

    List<String> reversed = new ArrayList<>(sorted);
    Collections.reverse(reversed);
    assertEquals(
        sorted,
        titles(all(user, new TaskOrder(TaskOrder.Key.TITLE, Direction.ASCENDING))),
        "list: titles are in the order of their code points, A to Z as a to z");
    assertEquals(
        reversed,
        titles(all(user, new TaskOrder(TaskOrder.Key.TITLE, Direction.DESCENDING))),
        "list: titles are in the reverse order of their code points, A to Z as a to z");
  }

  @Test
  default void tasksOfTheSameTitleAreInTheOrderOfTheirIds() {
    UserId user = someUser();
    Task low =
        aTask().under(new TaskId(new UUID(1, 1))).of(user).called("a").storedIn(repository());
    Task high =
        aTask().under(new TaskId(new UUID(-1, 1))).of(user).called("A").storedIn(repository());

    assertEquals(
        List.of(low, high),
        all(user, new TaskOrder(TaskOrder.Key.TITLE, Direction.ASCENDING)),
        "list: of one title the lesser id comes first");
    assertEquals(
        List.of(high, low),
        all(user, new TaskOrder(TaskOrder.Key.TITLE, Direction.DESCENDING)),
        "list: backwards, of one title the greater id comes first");
  }

  @Test
  default void tasksAreListedByDueDateAndThoseWithoutOneComeLastInBothDirections() {
    UserId user = someUser();
    Task none = stored(task(user, 1, Priority.MEDIUM, "", null));
    Task noneEither =
        change(
            stored(task(user, 2, Priority.MEDIUM, "", null)),
            new TaskChange.ToggleCompleted(),
            later(1));
    Task time = stored(task(user, 3, Priority.MEDIUM, "", "2026-12-24T00:00:00Z"));
    Task date = stored(task(user, 4, Priority.MEDIUM, "", "2026-12-24"));
    Task sameDate =
        change(
            stored(task(user, 5, Priority.MEDIUM, "", "2026-12-24")),
            new TaskChange.ToggleCompleted(),
            later(1));
    Task first = stored(task(user, 6, Priority.MEDIUM, "", "2026-12-23T23:59:59.999999Z"));
    Task last = stored(task(user, 7, Priority.MEDIUM, "", "2026-12-25"));

    assertEquals(
        List.of(first, date, sameDate, time, last, none, noneEither),
        all(user, new TaskOrder(TaskOrder.Key.DUE_DATE, Direction.ASCENDING)),
        "list: the soonest due date comes first, none comes last");
    assertEquals(
        List.of(last, time, sameDate, date, first, noneEither, none),
        all(user, new TaskOrder(TaskOrder.Key.DUE_DATE, Direction.DESCENDING)),
        "list: backwards, the latest due date comes first, none comes last");
  }

  @Test
  default void tasksAreListedByPriorityTheMostUrgentFirst() {
    UserId user = someUser();
    List<Task> tasks = new ArrayList<>();
    for (Priority priority :
        List.of(Priority.URGENT, Priority.HIGH, Priority.HIGH, Priority.MEDIUM, Priority.LOW)) {
      tasks.add(stored(task(user, tasks.size(), priority, "", null)));
    }

    assertEquals(
        tasks,
        all(user, new TaskOrder(TaskOrder.Key.PRIORITY, Direction.ASCENDING)),
        "list: the most urgent task comes first");
    Collections.reverse(tasks);
    assertEquals(
        tasks,
        all(user, new TaskOrder(TaskOrder.Key.PRIORITY, Direction.DESCENDING)),
        "list: backwards, the least urgent task comes first");
  }

  @Test
  default void listsAreFilteredByDueDate() {
    UserId user = someUser();
    Task none = stored(task(user, 1, Priority.MEDIUM, "", null));
    Task date = stored(task(user, 2, Priority.MEDIUM, "", "2026-12-24"));
    Task time = stored(task(user, 3, Priority.MEDIUM, "", "2026-12-24T12:00:00Z"));
    Instant midnight = Instant.parse("2026-12-24T00:00:00Z");
    Instant noon = Instant.parse("2026-12-24T12:00:00Z");

    assertEquals(
        List.of(time),
        filtered(user, due(midnight, null)),
        "list and count: due dates between the bounds, without the bounds");
    assertEquals(
        List.of(date),
        filtered(user, due(null, noon)),
        "list and count: due dates between the bounds, without the bounds");
    assertEquals(
        List.of(),
        filtered(user, due(midnight, noon)),
        "list and count: due dates between the bounds, without the bounds");
    assertEquals(
        List.of(time, date),
        filtered(
            user,
            due(Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59Z"))),
        "list and count: due dates between the bounds, without the bounds");
    assertEquals(
        List.of(time, date),
        filtered(user, due(midnight.minusNanos(1), null)),
        "list and count: due dates between the bounds, without the bounds");
    assertEquals(
        List.of(none),
        filtered(user, withoutDueDate()),
        "list and count: due dates between the bounds, without the bounds");
    for (TaskFilter filter : List.of(due(midnight, null), due(null, noon), withoutDueDate())) {
      for (TaskOrder order : orders()) {
        assertEquals(
            Set.copyOf(filtered(user, filter)),
            Set.copyOf(walked(user, new TaskQuery(filter, order, PageStart.FIRST, 1), 3)),
            "list: the pages of a filtered list make up the list, " + order);
      }
    }
  }

  @Test
  default void listsAreFilteredByPriority() {
    UserId user = someUser();
    for (Priority priority : Priority.values()) {
      Task task = stored(aTask().of(user).edited(content(priority, "", null)).build());

      assertEquals(
          List.of(task),
          filtered(user, priorities(priority)),
          "list and count: tasks of these priorities");
    }
    assertEquals(
        2,
        filtered(user, priorities(Priority.LOW, Priority.URGENT)).size(),
        "list and count: tasks of these priorities");
    assertEquals(
        4,
        filtered(user, priorities(Priority.values())).size(),
        "list and count: tasks of these priorities");
    assertEquals(
        4, filtered(user, priorities()).size(), "list and count: tasks of these priorities");
  }

  @Test
  default void listsAreFilteredByAllOfTheTagsInAnyCase() {
    UserId user = someUser();
    Task both = stored(task(user, 3, Priority.MEDIUM, "Work,\u00C9t\u00E9 (x)*", null));
    Task one = stored(task(user, 2, Priority.MEDIUM, "home,work", null));
    stored(task(user, 1, Priority.MEDIUM, "workshop,homework,work at home", null));
    stored(task(user, 0, Priority.MEDIUM, "", null));

    assertEquals(
        List.of(both, one),
        filtered(user, tags("WORK")),
        "list and count: tasks with all of these tags");
    assertEquals(
        List.of(one),
        filtered(user, tags("work,Home")),
        "list and count: tasks with all of these tags");
    assertEquals(
        List.of(both),
        filtered(user, tags("\u00E9T\u00C9 (X)*,work")),
        "list and count: tasks with all of these tags");
    assertEquals(
        List.of(), filtered(user, tags("e")), "list and count: tasks with all of these tags");
    assertEquals(
        List.of(), filtered(user, tags(".*")), "list and count: tasks with all of these tags");
    assertEquals(
        4, filtered(user, tags("")).size(), "list and count: tasks with all of these tags");
  }

  @Test
  default void walkingPageByPageGivesTheWholeListInEveryOrder() {
    UserId user = someUser();
    for (int i = 0; i < 23; i++) {
      // Many tasks have the same time and title, so that pages end between equal ones.
      Task task =
          stored(
              aTask()
                  .of(user)
                  .called(List.of("a", "A", "b", "\u00C9", "\uD83D\uDE00").get(i % 5))
                  .createdAfter(Duration.ofSeconds(i / 6))
                  .edited(
                      content(
                          List.of(Priority.values()).get(i % 4),
                          "",
                          Arrays.asList(null, "2026-12-24", "2026-12-24T00:00:00Z").get(i / 2 % 3)))
                  .build());
      if (i % 3 == 0) {
        change(task, new TaskChange.SetCompleted(true), later(100 + i / 8));
      }
    }
    for (TaskFilter filter : List.of(TaskFilter.ALL, completed(true), completed(false))) {
      for (TaskOrder order : orders()) {
        List<Task> whole =
            repository().list(user, new TaskQuery(filter, order, PageStart.FIRST, 100));
        assertEquals(
            whole.stream().map(order::positionOf).sorted(order.comparator()).toList(),
            whole.stream().map(order::positionOf).toList(),
            "list: a list is in its order, " + order);
        for (int limit : List.of(1, 2, 7, 23)) {
          TaskQuery query = new TaskQuery(filter, order, PageStart.FIRST, limit);
          assertEquals(
              whole,
              walked(user, query, whole.size()),
              "list: the pages of a list make up the list, " + query);
        }
      }
    }
  }

  @Test
  default void aPageHoldsAsManyTasksAsAreAskedFor() {
    UserId user = someUser();
    int many = 1100;
    for (int i = 0; i < many; i++) {
      stored(aTask().of(user).createdAt(later(i)).build());
    }
    for (int limit : List.of(1, 51, 101, 257, 501, 1001, many - 1, many, Integer.MAX_VALUE)) {
      assertEquals(
          Math.min(limit, many),
          repository().list(user, TaskQuery.newest(limit)).size(),
          "list: a page is as long as the limit allows, " + limit);
    }
    assertEquals(many, repository().count(user, TaskFilter.ALL), "count: all tasks are counted");
    assertEquals(
        many,
        repository().count(user, search("milk")),
        "count: all tasks that a search finds are counted");
    assertEquals(
        new TaskSummary(0, many), repository().summarize(user), "summarize: all tasks are counted");
  }

  @Test
  default void aPageBeginsPastTheOffset() {
    UserId user = someUser();
    for (int i = 0; i < 5; i++) {
      Task task = stored(aTask().of(user).createdAfter(Duration.ofSeconds(i)).build());
      if (i % 2 == 0) {
        change(task, new TaskChange.ToggleCompleted(), later(9));
      }
    }
    List<Task> whole = all(user, TaskOrder.NEWEST_FIRST);

    for (int offset = 0; offset <= 6; offset++) {
      assertEquals(
          whole.stream().skip(offset).limit(2).toList(),
          repository().list(user, TaskQuery.newest(2).from(new PageStart.Offset(offset))),
          "list: a page begins past so many tasks, " + offset);
    }
    TaskQuery pending =
        new TaskQuery(completed(false), TaskOrder.NEWEST_FIRST, new PageStart.Offset(1), 2);
    assertEquals(
        List.of(whole.get(3)),
        repository().list(user, pending),
        "list: an offset counts the tasks that the filter lets through");
    assertEquals(
        List.of(),
        repository().list(user, TaskQuery.newest(2).from(new PageStart.Offset(Integer.MAX_VALUE))),
        "list: past all tasks there are none");
  }

  @Test
  default void aPageBeginsAfterAPositionWhetherOrNotATaskStandsThere() {
    UserId user = someUser();
    Task older = stored(aTask().of(user).build());
    Task deleted = stored(aTask().of(user).createdAfter(Duration.ofSeconds(1)).build());
    Task newer = stored(aTask().of(user).createdAfter(Duration.ofSeconds(2)).build());
    repository().delete(user, deleted.id(), Precondition.NONE);

    assertEquals(
        List.of(older),
        after(user, TaskOrder.NEWEST_FIRST.positionOf(deleted)),
        "list: what follows the position of a deleted task");
    assertEquals(
        List.of(newer, older),
        after(user, new Position.ByCreatedAt(LAST, deleted.id())),
        "list: what follows the last moment of the year 9999, newest first");
    assertEquals(
        List.of(),
        after(user, new Position.ByCreatedAt(FIRST, deleted.id())),
        "list: what follows the first moment of the year 1, newest first");
    TaskOrder byTitle = new TaskOrder(TaskOrder.Key.TITLE, Direction.ASCENDING);
    TaskQuery query = new TaskQuery(TaskFilter.ALL, byTitle, PageStart.FIRST, 100);
    assertEquals(
        List.of(),
        repository()
            .list(
                user, query.from(new PageStart.After(new Position.ByTitle("buy n", deleted.id())))),
        "list: what follows a title that no task has");
    assertEquals(
        2,
        repository()
            .list(
                user, query.from(new PageStart.After(new Position.ByTitle("buy m", deleted.id()))))
            .size(),
        "list: what follows a title that no task has");
  }

  @Test
  default void theFilterLetsThroughOneStateOrBoth() {
    UserId user = someUser();
    Task pending = stored(aTask().of(user).build());
    Task done =
        change(stored(aTask().of(user).build()), new TaskChange.SetCompleted(true), later(1));

    assertEquals(
        List.of(pending), filtered(user, completed(false)), "list: tasks that are to be done");
    assertEquals(List.of(done), filtered(user, completed(true)), "list: tasks that are done");
    assertEquals(2, filtered(user, TaskFilter.ALL).size(), "list: tasks of both states");
    assertEquals(
        List.of(done),
        repository()
            .list(user, new TaskQuery(completed(true), TaskOrder.NEWEST_FIRST, PageStart.FIRST, 1)),
        "list: the limit counts what the filter lets through");
    assertEquals(
        List.of(pending),
        repository()
            .list(
                user, new TaskQuery(completed(false), TaskOrder.NEWEST_FIRST, PageStart.FIRST, 1)),
        "list: the limit counts what the filter lets through");
  }

  @Test
  default void theBoundsOfTimesAreExclusive() {
    UserId user = someUser();
    Task task = stored(aTask().of(user).build());
    Instant updated = later(60);
    Task edited = change(task, TaskChange.Edit.NOTHING, updated);
    Instant microBefore = CREATED.minusNanos(1000);
    Instant microAfter = CREATED.plusNanos(1000);

    assertEquals(
        List.of(edited),
        filtered(user, created(microBefore, microAfter)),
        "list: a time of creation between two bounds");
    assertEquals(
        List.of(), filtered(user, created(CREATED, null)), "list: not later than its creation");
    assertEquals(
        List.of(), filtered(user, created(null, CREATED)), "list: not earlier than its creation");
    assertEquals(
        List.of(edited),
        filtered(user, updated(updated.minusNanos(1000), updated.plusNanos(1000))),
        "list: a time of modification between two bounds");
    assertEquals(
        List.of(),
        filtered(user, updated(updated, null)),
        "list: not later than its last modification");
    assertEquals(
        List.of(),
        filtered(user, updated(null, updated)),
        "list: not earlier than its last modification");
    String between = "list: a bound between two microseconds is rounded to neither side";
    assertEquals(List.of(), filtered(user, created(CREATED.plusNanos(999), null)), between);
    assertEquals(List.of(edited), filtered(user, created(null, CREATED.plusNanos(1))), between);
    assertEquals(List.of(edited), filtered(user, created(CREATED.minusNanos(1), null)), between);
    assertEquals(List.of(), filtered(user, created(null, CREATED.minusNanos(1))), between);
    assertEquals(
        List.of(edited),
        filtered(user, created(FIRST, LAST)),
        "list: all tasks lie between the years 1 and 9999");
  }

  @Test
  default void aSearchLooksIntoTitleAndDescription() {
    UserId user = someUser();
    Task title = stored(aTask().of(user).called("Buy milk").described(null).build());
    Task description =
        stored(aTask().of(user).called("x").described("no milk").createdAt(later(1)).build());
    stored(aTask().of(user).called("bread").described("").createdAt(later(2)).build());

    assertEquals(
        List.of(description, title),
        filtered(user, search("milk")),
        "list: a search looks into the title and the description");
    assertEquals(List.of(title), filtered(user, search("buy")), "list: a search finds a beginning");
    assertEquals(
        List.of(description),
        filtered(user, search("o mi")),
        "list: a search finds parts of words");
    assertEquals(
        List.of(), filtered(user, search("milk bread")), "list: words are searched as they stand");
  }

  @Test
  default void aSearchIsNotFoundAcrossTheSeamOfTitleAndDescription() {
    UserId user = someUser();
    Task task = stored(aTask().of(user).called("ab").described("cd").build());
    for (String seam :
        List.of("", " ", "\n", "\t", "\r\n", ",", ";", "|", "/", ":", "-", "null", "\u2028")) {
      assertEquals(
          List.of(),
          filtered(user, search("b" + seam + "c")),
          "list: a search is found in the title or in the description, not across both");
    }
    assertEquals(List.of(task), filtered(user, search("ab")), "list: the title is found");
    stored(aTask().of(user).called("x").described(null).createdAt(later(1)).build());
    assertEquals(
        List.of(), filtered(user, search("null")), "list: no description is found by no text");
  }

  @Test
  default void aSearchFindsEveryCaseOfEachCharacterAndNothingElse() {
    assertFound("\u00E9clair", "\u00C9CLAIR");
    assertFound("\u00C9", "caf\u00E9");
    assertFound("istanbul", "\u0130STANBUL");
    assertFound("I", "\u0131");
    assertFound("\u03C3", "\u039F\u03A3 \u03BF\u03C2");
    assertFound("\u212A", "k");
    assertFound("\u1E9E", "stra\u00DFe");
    assertFound("\uD801\uDC28", "\uD801\uDC00"); // Deseret, beyond the basic plane
    assertFound("\u00B5", "\u03BC"); // micro sign and mu
    assertFound("\u1C90", "\u10D0"); // Georgian
    assertFound("\u01C5", "\u01C4"); // a title case of its own
    assertNotFound("eclair", "\u00E9clair");
    assertNotFound("ss", "stra\u00DFe");
    assertNotFound("\u00E9", "e\u0301");
    assertNotFound("fi", "\uFB01");
    assertNotFound("x", "\uFF58");
    assertNotFound("caf", "ca\u00ADf");
    assertNotFound("i\u0307", "\u0130"); // what String.toLowerCase makes of it
    assertNotFound("\uD83D\uDE01", "\uD83D\uDE00");
  }

  @Test
  default void aSearchTakesEveryCharacterAsItIs() {
    for (char c = ' '; c < 0x7F; c++) {
      String text = "x" + c + "y";
      assertFound(text, "a" + text + "b");
      assertNotFound(text, c == '-' ? "x+y" : "x-y");
      assertNotFound(text, "xy");
    }
    assertFound("***=x", "a***=xb");
    assertFound("(?i)x", "(?i)x");
    assertFound("\t\r\n", "a\t\r\nb");
    assertFound("\u00A0", "a\u00A0b");
  }

  @Test
  default void theLongestSearchIsFound() {
    for (String character : List.of("i", "\uD83D\uDE00", "\u03C3", "%", "\\")) {
      String longest = character.repeat(Search.MAX_LENGTH);

      assertFound(longest, longest + longest);
      assertNotFound(longest, longest.substring(character.length()) + "x");
    }
  }

  @Test
  default void whatTheFilterLetsThroughIsCounted() {
    UserId user = someUser();
    for (int i = 0; i < 5; i++) {
      stored(
          aTask()
              .of(user)
              .called(i < 2 ? "bread" : "milk")
              .createdAfter(Duration.ofSeconds(i))
              .build());
    }
    Task done =
        change(
            all(user, TaskOrder.NEWEST_FIRST).get(0), new TaskChange.SetCompleted(true), later(9));

    assertEquals(5, repository().count(user, TaskFilter.ALL), "count: all tasks");
    assertEquals(1, repository().count(user, completed(true)), "count: what is done");
    assertEquals(4, repository().count(user, completed(false)), "count: what is to be done");
    assertEquals(2, repository().count(user, search("BREAD")), "count: what a search finds");
    assertEquals(
        2, repository().count(user, created(later(2), null)), "count: what was created later");
    assertEquals(
        1,
        repository().count(user, updated(done.createdAt(), null)),
        "count: what was modified later");
    assertEquals(
        new TaskSummary(1, 4),
        repository().summarize(user),
        "summarize: what is done, and what is to be done");
  }

  @Test
  default void aUserWithoutTasksHasEmptyListsAndCountsOfZero() {
    Task somebodyElses = stored(aTask().build());
    UserId user = someUser();

    assertEquals(
        List.of(), all(user, TaskOrder.NEWEST_FIRST), "list: without tasks a list is empty");
    assertEquals(
        List.of(),
        after(user, new Position.ByCreatedAt(LAST, somebodyElses.id())),
        "list: without tasks a list is empty from any position on");
    assertEquals(0, repository().count(user, TaskFilter.ALL), "count: without tasks it is 0");
    assertEquals(
        0, repository().count(user, search("milk")), "count: without tasks a search finds 0");
    assertEquals(
        new TaskSummary(0, 0), repository().summarize(user), "summarize: without tasks both are 0");
  }

  private void assertFound(String search, String description) {
    assertEquals(
        1, matches(search, description), "list: a search finds " + search + " in " + description);
  }

  private void assertNotFound(String search, String description) {
    assertEquals(
        0,
        matches(search, description),
        "list: a search doesn't find " + search + " in " + description);
  }

  private int matches(String search, String description) {
    UserId user = someUser();
    stored(aTask().of(user).called("#").described(description).build());
    return filtered(user, search(search)).size() - (search.equals("#") ? 1 : 0);
  }

  private Task stored(Task task) {
    assertEquals(
        new CreateResult.Created(task),
        repository().create(task.userId(), asNew(task), null),
        "create: the answer is the task as Task.create makes it");
    return task;
  }

  private Task change(Task task, TaskChange change, Instant now) {
    Task changed = task.apply(change, now);
    assertEquals(
        new WriteResult.Done(changed),
        repository().change(task.userId(), task.id(), change, Precondition.NONE, now),
        "change: the answer is the task as Task.apply makes it");
    return changed;
  }

  private List<Task> all(UserId user, TaskOrder order) {
    return repository().list(user, new TaskQuery(TaskFilter.ALL, order, PageStart.FIRST, 100));
  }

  private List<Task> filtered(UserId user, TaskFilter filter) {
    List<Task> tasks =
        repository()
            .list(user, new TaskQuery(filter, TaskOrder.NEWEST_FIRST, PageStart.FIRST, 100));
    assertEquals(
        tasks.size(),
        repository().count(user, filter),
        "count: as many are counted as are listed, " + filter);
    return tasks;
  }

  private List<Task> after(UserId user, Position position) {
    return repository().list(user, TaskQuery.newest(100).from(new PageStart.After(position)));
  }

  /** Reads page after page, until a page is empty or there are more tasks than expected. */
  private List<Task> walked(UserId user, TaskQuery first, int size) {
    List<Task> walked = new ArrayList<>();
    List<Task> page = repository().list(user, first);
    while (!page.isEmpty() && walked.size() <= size) {
      walked.addAll(page);
      Position end = first.order().positionOf(page.get(page.size() - 1));
      page = repository().list(user, first.from(new PageStart.After(end)));
    }
    return walked;
  }

  private static List<TaskOrder> orders() {
    List<TaskOrder> orders = new ArrayList<>();
    for (TaskOrder.Key key : TaskOrder.Key.values()) {
      for (Direction direction : Direction.values()) {
        orders.add(new TaskOrder(key, direction));
      }
    }
    return orders;
  }

  private static TaskFilter completed(boolean completed) {
    return new TaskFilter(completed, null, null, null, null, null);
  }

  private static TaskFilter search(String text) {
    return new TaskFilter(null, Search.parse(text), null, null, null, null);
  }

  private static TaskFilter due(@Nullable Instant after, @Nullable Instant before) {
    return content(Set.of(), Tags.NONE, after, before, false);
  }

  private static TaskFilter withoutDueDate() {
    return content(Set.of(), Tags.NONE, null, null, true);
  }

  private static TaskFilter priorities(Priority... priorities) {
    return content(Set.of(priorities), Tags.NONE, null, null, false);
  }

  private static TaskFilter tags(String tags) {
    return content(Set.of(), Tags.parse(tags), null, null, false);
  }

  private static TaskFilter content(
      Set<Priority> priorities,
      Tags tags,
      @Nullable Instant dueAfter,
      @Nullable Instant dueBefore,
      boolean withoutDueDate) {
    return new TaskFilter(
        null, null, null, null, null, null, priorities, tags, dueAfter, dueBefore, withoutDueDate);
  }

  private static TaskFilter created(@Nullable Instant after, @Nullable Instant before) {
    return new TaskFilter(null, null, after, before, null, null);
  }

  private static TaskFilter updated(@Nullable Instant after, @Nullable Instant before) {
    return new TaskFilter(null, null, null, null, after, before);
  }

  private static List<String> titles(List<Task> tasks) {
    return tasks.stream().map(task -> task.title().value()).toList();
  }

  private static Instant later(int seconds) {
    return CREATED.plusSeconds(seconds);
  }

  private static Task taskOf(UserId user, String id, Instant created) {
    return aTask().under(TaskId.parse(id)).of(user).createdAt(created).build();
  }

  private static Task task(
      UserId user, int number, Priority priority, String tags, @Nullable String dueDate) {
    return aTask()
        .under(new TaskId(new UUID(number, 0)))
        .of(user)
        .createdAfter(Duration.ofSeconds(number))
        .edited(content(priority, tags, dueDate))
        .build();
  }

  private static TaskChange.Edit content(Priority priority, String tags, @Nullable String dueDate) {
    return TaskChange.Edit.NOTHING
        .withPriority(priority)
        .withTags(Tags.parse(tags))
        .withDueDate(dueDate == null ? null : DueDate.parse(dueDate));
  }
}
