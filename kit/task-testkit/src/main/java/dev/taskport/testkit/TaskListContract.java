package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Search;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskOrder.Direction;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskRepository} promises about lists and counts. A store's test implements this
 * beside {@link TaskRepositoryContract}.
 */
public interface TaskListContract {

  /** The store under test. */
  TaskRepository repository();

  @Test
  default void tasksAreListedNewestFirstAndTheGreaterIdFirstAmongEquals() {
    UserId user = someUser();
    // As signed numbers these two are the other way round.
    Task low = stored(taskOf(user, "7fffffff-0000-7000-8000-000000000000", CREATED));
    Task high = stored(taskOf(user, "80000000-0000-7000-8000-000000000000", CREATED));
    Task newer = stored(taskOf(user, "00000000-0000-7000-8000-000000000000", later(1)));
    Task older = stored(taskOf(user, "ffffffff-0000-7000-8000-000000000000", later(-1)));

    assertEquals(List.of(newer, high, low, older), all(user, TaskOrder.NEWEST_FIRST));
    assertEquals(
        List.of(older, low, high, newer),
        all(user, new TaskOrder(TaskOrder.Key.CREATED_AT, Direction.ASCENDING)));
  }

  @Test
  default void tasksAreListedByTheirLastModification() {
    UserId user = someUser();
    Task modified = stored(aTask().of(user).build());
    Task untouched = stored(aTask().of(user).createdAfter(Duration.ofSeconds(1)).build());
    Task edited = change(modified, TaskChange.Edit.NOTHING, later(2));

    assertEquals(
        List.of(untouched, edited),
        all(user, new TaskOrder(TaskOrder.Key.UPDATED_AT, Direction.ASCENDING)));
    assertEquals(
        List.of(edited, untouched),
        all(user, new TaskOrder(TaskOrder.Key.UPDATED_AT, Direction.DESCENDING)));
  }

  @Test
  default void titlesAreSortedByCodePointsWithAToZAsSmallLetters() {
    UserId user = someUser();
    List<String> sorted =
        List.of(
            "  spaced",
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
        sorted, titles(all(user, new TaskOrder(TaskOrder.Key.TITLE, Direction.ASCENDING))));
    assertEquals(
        reversed, titles(all(user, new TaskOrder(TaskOrder.Key.TITLE, Direction.DESCENDING))));
  }

  @Test
  default void tasksOfTheSameTitleAreInTheOrderOfTheirIds() {
    UserId user = someUser();
    Task low =
        aTask().under(new TaskId(new UUID(1, 1))).of(user).called("a").storedIn(repository());
    Task high =
        aTask().under(new TaskId(new UUID(-1, 1))).of(user).called("A").storedIn(repository());

    assertEquals(
        List.of(low, high), all(user, new TaskOrder(TaskOrder.Key.TITLE, Direction.ASCENDING)));
    assertEquals(
        List.of(high, low), all(user, new TaskOrder(TaskOrder.Key.TITLE, Direction.DESCENDING)));
  }

  @Test
  default void walkingPageByPageGivesTheWholeListInEveryOrder() {
    UserId user = someUser();
    for (int i = 0; i < 23; i++) {
      // Many of the same time and title, so that pages end among equals.
      Task task =
          stored(
              aTask()
                  .of(user)
                  .called(List.of("a", "A", "b", "\u00C9", "\uD83D\uDE00").get(i % 5))
                  .createdAfter(Duration.ofSeconds(i / 6))
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
            order.toString());
        for (int limit : List.of(1, 2, 7, 23)) {
          assertEquals(whole, walked(user, new TaskQuery(filter, order, PageStart.FIRST, limit)));
        }
      }
    }
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
          repository().list(user, TaskQuery.newest(2).from(new PageStart.Offset(offset))));
    }
  }

  @Test
  default void aPageBeginsAfterAPositionWhetherOrNotATaskStandsThere() {
    UserId user = someUser();
    Task older = stored(aTask().of(user).build());
    Task deleted = stored(aTask().of(user).createdAfter(Duration.ofSeconds(1)).build());
    Task newer = stored(aTask().of(user).createdAfter(Duration.ofSeconds(2)).build());
    repository().delete(user, deleted.id(), Precondition.NONE);

    assertEquals(List.of(older), after(user, TaskOrder.NEWEST_FIRST.positionOf(deleted)));
    assertEquals(
        List.of(newer, older), after(user, new Position.ByCreatedAt(Instant.MAX, deleted.id())));
    assertEquals(List.of(), after(user, new Position.ByCreatedAt(Instant.MIN, deleted.id())));
  }

  @Test
  default void theFilterLetsThroughOneStateOrBoth() {
    UserId user = someUser();
    Task pending = stored(aTask().of(user).build());
    Task done =
        change(stored(aTask().of(user).build()), new TaskChange.SetCompleted(true), later(1));

    assertEquals(List.of(pending), filtered(user, completed(false)));
    assertEquals(List.of(done), filtered(user, completed(true)));
    assertEquals(2, filtered(user, TaskFilter.ALL).size());
  }

  @Test
  default void theBoundsOfTimesAreExclusive() {
    UserId user = someUser();
    Task task = stored(aTask().of(user).build());
    Instant updated = later(60);
    Task edited = change(task, TaskChange.Edit.NOTHING, updated);
    Instant microBefore = CREATED.minusNanos(1000);
    Instant microAfter = CREATED.plusNanos(1000);

    assertEquals(List.of(edited), filtered(user, created(microBefore, microAfter)));
    assertEquals(List.of(), filtered(user, created(CREATED, null)));
    assertEquals(List.of(), filtered(user, created(null, CREATED)));
    assertEquals(
        List.of(edited),
        filtered(user, updated(updated.minusNanos(1000), updated.plusNanos(1000))));
    assertEquals(List.of(), filtered(user, updated(updated, null)));
    assertEquals(List.of(), filtered(user, updated(null, updated)));
    // Between two microseconds: nothing is rounded to the wrong side.
    assertEquals(List.of(), filtered(user, created(CREATED.plusNanos(999), null)));
    assertEquals(List.of(edited), filtered(user, created(null, CREATED.plusNanos(1))));
    assertEquals(List.of(edited), filtered(user, created(CREATED.minusNanos(1), null)));
    assertEquals(List.of(), filtered(user, created(null, CREATED.minusNanos(1))));
    assertEquals(List.of(edited), filtered(user, created(Instant.MIN, Instant.MAX)));
  }

  @Test
  default void aSearchLooksIntoTitleAndDescription() {
    UserId user = someUser();
    Task title = stored(aTask().of(user).called("Buy milk").described(null).build());
    Task description =
        stored(aTask().of(user).called("x").described("no milk").createdAt(later(1)).build());
    stored(aTask().of(user).called("bread").described("").createdAt(later(2)).build());

    assertEquals(List.of(description, title), filtered(user, search("milk")));
    assertEquals(List.of(title), filtered(user, search("buy")));
    assertEquals(List.of(), filtered(user, search("milk bread")));
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
    assertNotFound("eclair", "\u00E9clair");
    assertNotFound("ss", "stra\u00DFe");
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

    assertEquals(5, repository().count(user, TaskFilter.ALL));
    assertEquals(1, repository().count(user, completed(true)));
    assertEquals(4, repository().count(user, completed(false)));
    assertEquals(2, repository().count(user, search("BREAD")));
    assertEquals(2, repository().count(user, created(later(2), null)));
    assertEquals(1, repository().count(user, updated(done.createdAt(), null)));
    assertEquals(new TaskSummary(1, 4), repository().summarize(user));
  }

  @Test
  default void aUserWithoutTasksHasEmptyListsAndCountsOfZero() {
    Task somebodyElses = stored(aTask().build());
    UserId user = someUser();

    assertEquals(List.of(), all(user, TaskOrder.NEWEST_FIRST));
    assertEquals(List.of(), after(user, new Position.ByCreatedAt(Instant.MAX, somebodyElses.id())));
    assertEquals(0, repository().count(user, TaskFilter.ALL));
    assertEquals(0, repository().count(user, search("milk")));
    assertEquals(new TaskSummary(0, 0), repository().summarize(user));
  }

  private void assertFound(String search, String description) {
    assertEquals(1, matches(search, description), search + " in " + description);
  }

  private void assertNotFound(String search, String description) {
    assertEquals(0, matches(search, description), search + " in " + description);
  }

  private int matches(String search, String description) {
    UserId user = someUser();
    stored(aTask().of(user).called("#").described(description).build());
    return filtered(user, search(search)).size() - (search.equals("#") ? 1 : 0);
  }

  private Task stored(Task task) {
    repository().create(task.userId(), asNew(task), null);
    return task;
  }

  private Task change(Task task, TaskChange change, Instant now) {
    repository().change(task.userId(), task.id(), change, Precondition.NONE, now);
    return task.apply(change, now);
  }

  private List<Task> all(UserId user, TaskOrder order) {
    return repository().list(user, new TaskQuery(TaskFilter.ALL, order, PageStart.FIRST, 100));
  }

  private List<Task> filtered(UserId user, TaskFilter filter) {
    List<Task> tasks =
        repository()
            .list(user, new TaskQuery(filter, TaskOrder.NEWEST_FIRST, PageStart.FIRST, 100));
    assertEquals(tasks.size(), repository().count(user, filter));
    return tasks;
  }

  private List<Task> after(UserId user, Position position) {
    return repository().list(user, TaskQuery.newest(100).from(new PageStart.After(position)));
  }

  private List<Task> walked(UserId user, TaskQuery first) {
    List<Task> walked = new ArrayList<>();
    List<Task> page = repository().list(user, first);
    while (!page.isEmpty()) {
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
}
