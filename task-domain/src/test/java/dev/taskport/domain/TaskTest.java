package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskChange.SetCompleted;
import dev.taskport.domain.TaskChange.ToggleCompleted;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TaskTest {
  private static final Instant CREATED = Instant.parse("2026-11-21T09:47:36.273282Z");
  private static final Instant LATER = CREATED.plusSeconds(1);
  private static final Task TASK =
      Task.create(
          new TaskId(new UUID(1, 2)),
          new UserId("ann"),
          new Title("Buy milk"),
          new Description("Two litres"),
          CREATED);

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
    Edit edit = Edit.NOTHING.withTitle(new Title("Buy bread"));

    assertEquals(
        new Task(
            TASK.id(),
            TASK.userId(),
            new Title("Buy bread"),
            TASK.description(),
            false,
            CREATED,
            LATER,
            2),
        TASK.apply(edit, LATER));
  }

  @Test
  void editsOfSeveralFieldsAddUp() {
    Edit edit =
        Edit.NOTHING
            .withCompleted(true)
            .withDescription(new Description(""))
            .withTitle(new Title("Buy bread"));

    Task edited = TASK.apply(edit, LATER);

    assertEquals(new Title("Buy bread"), edited.title());
    assertEquals(new Description(""), edited.description());
    assertTrue(edited.completed());
  }

  @Test
  void aDescriptionIsRemovedOnlyWhenTheEditSaysSo() {
    assertNull(TASK.apply(Edit.NOTHING.withDescription(null), LATER).description());
    assertEquals(
        TASK.description(),
        TASK.apply(new Edit(null, false, new Description("ignored"), null), LATER).description());
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
