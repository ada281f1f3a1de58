package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskChange.SetCompleted;
import dev.taskport.domain.TaskChange.ToggleCompleted;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskTest {
  private static final Instant CREATED = Instant.parse("2026-11-21T09:47:36.273282Z");
  private static final Instant LATER = CREATED.plusSeconds(1);
  private static final Task TASK =
      Task.create(
          UserId.parse("ann"),
          new NewTask(
              new TaskId(new UUID(1, 2)),
              new TaskContent(
                  Title.parse("Buy milk"),
                  Description.parse("Two litres"),
                  Priority.HIGH,
                  Tags.parse("errand"),
                  DueDate.parse("2026-12-24")),
              CREATED));

  @Test
  void aNewTaskIsToBeDoneAtVersion1AndUpdatedWhenCreated() {
    assertFalse(TASK.completed());
    assertEquals(1, TASK.version());
    assertEquals(CREATED, TASK.createdAt());
    assertEquals(CREATED, TASK.updatedAt());
    assertEquals(new Revision(CREATED, 1), TASK.revision());
  }

  @Test
  void anEditGivesTheNamedFieldsNewValuesAndKeepsTheRest() {
    Edit edit = Edit.NOTHING.withTitle(Title.parse("Buy bread"));

    assertEquals(
        Task.stored(
            TASK.id(),
            TASK.userId(),
            new TaskContent(
                Title.parse("Buy bread"),
                TASK.description(),
                Priority.HIGH,
                Tags.parse("errand"),
                DueDate.parse("2026-12-24")),
            false,
            CREATED,
            LATER,
            2),
        TASK.apply(edit, LATER));
  }

  @Test
  void everyFieldOfTheContentCanBeEdited() throws ReflectiveOperationException {
    TaskContent edited =
        TASK.apply(
                Edit.NOTHING
                    .withTitle(Title.parse("Buy bread"))
                    .withDescription(Description.parse("Two loaves"))
                    .withPriority(Priority.LOW)
                    .withTags(Tags.NONE)
                    .withDueDate(null),
                LATER)
            .content();

    for (RecordComponent field : TaskContent.class.getRecordComponents()) {
      assertNotEquals(
          field.getAccessor().invoke(TASK.content()),
          field.getAccessor().invoke(edited),
          field.getName());
    }
  }

  @Test
  void editsOfSeveralFieldsAddUp() {
    Edit edit =
        Edit.NOTHING
            .withCompleted(true)
            .withDescription(Description.parse(""))
            .withPriority(Priority.LOW)
            .withTags(Tags.parse("bakery"))
            .withDueDate(DueDate.parse("2026-12-31"))
            .withTitle(Title.parse("Buy bread"));

    Task edited = TASK.apply(edit, LATER);

    assertEquals(Title.parse("Buy bread"), edited.title());
    assertEquals(Description.parse(""), edited.description());
    assertEquals(Priority.LOW, edited.content().priority());
    assertEquals(Tags.parse("bakery"), edited.content().tags());
    assertEquals(DueDate.parse("2026-12-31"), edited.content().dueDate());
    assertTrue(edited.completed());
  }

  @Test
  void aDescriptionIsRemovedOnlyWhenTheEditSaysSo() {
    assertNull(TASK.apply(Edit.NOTHING.withDescription(null), LATER).description());
    assertEquals(
        TASK.description(),
        TASK.apply(
                new Edit(null, false, Description.parse("ignored"), null, null, false, null, null),
                LATER)
            .description());
  }

  @Test
  void aDueDateIsRemovedOnlyWhenTheEditSaysSo() {
    DueDate ignored = DueDate.parse("2027-01-01");

    assertNull(TASK.apply(Edit.NOTHING.withDueDate(null), LATER).content().dueDate());
    assertEquals(
        TASK.content(),
        TASK.apply(new Edit(null, false, null, null, null, false, ignored, null), LATER).content());
  }

  @Test
  void aRestorationModifiesNothingButTheTimeAndTheVersion() {
    Task done = TASK.apply(new SetCompleted(true), LATER);

    assertEquals(
        Task.stored(
            TASK.id(), TASK.userId(), TASK.content(), true, CREATED, LATER.plusSeconds(1), 3),
        done.restored(LATER.plusSeconds(1).plusNanos(999)));
    assertEquals(LATER, done.restored(CREATED).updatedAt());
    assertFalse(TASK.restored(LATER).completed());
  }

  @Test
  void anEditIsAModificationEvenWhenItChangesNothing() {
    Task edited = TASK.apply(Edit.NOTHING, LATER);

    assertEquals(2, edited.version());
    assertEquals(LATER, edited.updatedAt());
    assertEquals(CREATED, edited.createdAt());
  }

  @Test
  void settingTheStateThatIsThereIsNoModification() {
    assertSame(TASK, TASK.apply(new SetCompleted(false), LATER));

    Task completed = TASK.apply(new SetCompleted(true), LATER);
    assertTrue(completed.completed());
    assertEquals(2, completed.version());
    assertSame(completed, completed.apply(new SetCompleted(true), LATER.plusSeconds(1)));
  }

  @Property
  void anyNumberOfTogglesEndsInTheStateThatItsParityGives(@ForAll @IntRange(max = 20) int toggles) {
    Task task = TASK;
    for (int i = 0; i < toggles; i++) {
      task = task.apply(new ToggleCompleted(), LATER);
    }
    assertEquals(toggles % 2 == 1, task.completed());
    assertEquals(1 + toggles, task.version());
  }

  @Property
  void noModificationMakesATaskLookOlder(@ForAll @IntRange(min = -9, max = 9) int seconds) {
    Task task = TASK.apply(new ToggleCompleted(), LATER);
    Instant now = LATER.plusSeconds(seconds);

    Task changed = task.apply(Edit.NOTHING, now);

    assertEquals(seconds > 0 ? now : LATER, changed.updatedAt());
    assertEquals(task.version() + 1, changed.version());
  }

  @Test
  void timesAreCutToMicroseconds() {
    NewTask newTask = new NewTask(TASK.id(), TASK.content(), CREATED.plusNanos(999));
    Task changed = TASK.apply(Edit.NOTHING, LATER.plusNanos(999));

    assertEquals(TASK, Task.create(TASK.userId(), newTask));
    assertEquals(LATER, changed.updatedAt());
    assertEquals(LATER, changed.apply(new ToggleCompleted(), LATER.plusNanos(1)).updatedAt());
  }

  @Test
  void whatAStoreHoldsIsTakenAsItIs() {
    TaskContent content =
        new TaskContent(
            Title.stored(""),
            Description.stored("\0"),
            Priority.stored("?"),
            Tags.stored("\0"),
            DueDate.stored(Instant.MAX, true));
    Task task =
        Task.stored(
            TASK.id(), TASK.userId(), content, true, LATER.plusNanos(1), CREATED.plusNanos(1), -5);

    assertEquals(content, task.content());
    assertTrue(task.completed());
    assertEquals(LATER.plusNanos(1), task.createdAt());
    assertEquals(CREATED.plusNanos(1), task.updatedAt());
    assertEquals(-5, task.version());
  }

  @Test
  void tasksAreEqualWhenAllTheirFieldsAre() throws ReflectiveOperationException {
    TaskContent content = TASK.content();
    List<Task> others =
        List.of(
            Task.stored(
                new TaskId(new UUID(3, 4)), TASK.userId(), content, false, CREATED, CREATED, 1),
            Task.stored(TASK.id(), UserId.parse("bob"), content, false, CREATED, CREATED, 1),
            Task.stored(
                TASK.id(),
                TASK.userId(),
                TaskContent.titled(Title.parse("Buy bread")),
                false,
                CREATED,
                CREATED,
                1),
            Task.stored(TASK.id(), TASK.userId(), content, true, CREATED, CREATED, 1),
            Task.stored(TASK.id(), TASK.userId(), content, false, LATER, CREATED, 1),
            Task.stored(TASK.id(), TASK.userId(), content, false, CREATED, LATER, 1),
            Task.stored(TASK.id(), TASK.userId(), content, false, CREATED, CREATED, 2));
    Task same = Task.stored(TASK.id(), TASK.userId(), content, false, CREATED, CREATED, 1);

    assertEquals(TASK, same);
    assertEquals(TASK.hashCode(), same.hashCode());
    Set<String> tried = new TreeSet<>();
    for (Task other : others) {
      assertNotEquals(TASK, other);
      tried.addAll(fieldsThatDiffer(TASK, other));
    }
    assertEquals(fieldsThatDiffer(TASK, null), tried, "Each field must be tried here");
  }

  /** All fields, when there is no other. */
  private static Set<String> fieldsThatDiffer(Task task, @Nullable Task other)
      throws ReflectiveOperationException {
    Set<String> names = new TreeSet<>();
    for (Field field : Task.class.getDeclaredFields()) {
      if (field.isSynthetic()) {
        continue; // a measuring tool's
      }
      field.setAccessible(true);
      if (other == null || !Objects.equals(field.get(task), field.get(other))) {
        names.add(field.getName());
      }
    }
    return names;
  }

  @Test
  void aPreconditionAllowsTheStatesThatItNames() {
    Revision now = TASK.revision();
    Revision other = new Revision(LATER, now.version());

    assertTrue(Precondition.NONE.allows(now));
    assertTrue(new Precondition.RevisionIn(Set.of(other, now)).allows(now));
    assertFalse(new Precondition.RevisionIn(Set.of(other)).allows(now));
    assertFalse(new Precondition.RevisionIn(Set.of(new Revision(CREATED, 2))).allows(now));
    assertFalse(new Precondition.RevisionIn(Set.of()).allows(now));
  }
}
