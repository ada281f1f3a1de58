package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.WriteResult;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UpdateTaskTest {
  private static final Instant NOW = CREATED.plusSeconds(1);
  private static final Edit RENAME = Edit.NOTHING.withTitle(Title.parse("Buy bread"));

  private final TaskRepository tasks = new InMemoryTaskRepository();
  private final UpdateTask updateTask = new UpdateTask(tasks, Clock.fixed(NOW, ZoneOffset.UTC));
  private final Task task = aTask().storedIn(tasks);

  @Test
  void anEditIsCarriedOutAtTheTimeOfTheClock() {
    Task edited = task.apply(RENAME, NOW);

    assertEquals(
        new WriteResult.Done(edited),
        updateTask.update(task.userId(), task.id(), RENAME, Precondition.NONE));

    assertEquals(Optional.of(edited), tasks.find(task.userId(), task.id()));
    assertEquals(NOW, edited.updatedAt());
  }

  @Test
  void anEditOfAnOutdatedStateIsRefusedWithTheTaskAsItIs() {
    Precondition seen = new Precondition.RevisionIn(Set.of(task.revision()));
    updateTask.update(task.userId(), task.id(), RENAME, seen);

    assertEquals(
        new WriteResult.Stale(task.apply(RENAME, NOW)),
        updateTask.update(task.userId(), task.id(), Edit.NOTHING, seen));
  }

  @Test
  void nobodyUpdatesAnotherUsersTask() {
    assertEquals(
        new WriteResult.NotFound(),
        updateTask.update(someUser(), task.id(), RENAME, Precondition.NONE));

    assertEquals(Optional.of(task), tasks.find(task.userId(), task.id()));
  }
}
