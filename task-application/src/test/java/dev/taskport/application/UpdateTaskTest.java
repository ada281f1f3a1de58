package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.ThreadedTaskRepository;
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

  private final InMemoryTaskRepository tasks = new InMemoryTaskRepository();
  private final UpdateTask updateTask =
      new UpdateTask(
          new ThreadedTaskRepository(Runnable::run, tasks, tasks),
          Clock.fixed(NOW, ZoneOffset.UTC));
  private final Task task = aTask().storedIn(tasks);

  @Test
  void anEditIsCarriedOutAtTheTimeOfTheClock() {
    Task edited = task.apply(RENAME, NOW);

    assertEquals(new WriteResult.Done(edited), update(task.userId(), RENAME, Precondition.NONE));

    assertEquals(Optional.of(edited), tasks.find(task.userId(), task.id()));
    assertEquals(NOW, edited.updatedAt());
  }

  @Test
  void anEditOfAnOutdatedStateIsRefusedWithTheTaskAsItIs() {
    Precondition seen = new Precondition.RevisionIn(Set.of(task.revision()));
    update(task.userId(), RENAME, seen);

    assertEquals(
        new WriteResult.Stale(task.apply(RENAME, NOW)), update(task.userId(), Edit.NOTHING, seen));
  }

  @Test
  void nobodyUpdatesAnotherUsersTask() {
    assertEquals(new WriteResult.NotFound(), update(someUser(), RENAME, Precondition.NONE));

    assertEquals(Optional.of(task), tasks.find(task.userId(), task.id()));
  }

  private WriteResult update(UserId user, Edit edit, Precondition precondition) {
    return updateTask.update(user, task.id(), edit, precondition).toCompletableFuture().join();
  }
}
