package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestoreTaskTest {
  private static final Instant NOW = CREATED.plusSeconds(1);

  private final InMemoryTaskRepository tasks = new InMemoryTaskRepository();
  private final RestoreTask restoreTask = new RestoreTask(tasks, Clock.fixed(NOW, ZoneOffset.UTC));
  private final Task task = aTask().storedIn(tasks);

  @Test
  void aDeletedTaskIsRestoredOnce() {
    tasks.delete(task.userId(), task.id(), Precondition.NONE);

    assertEquals(Optional.of(task.restored(NOW)), restoreTask.restore(task.userId(), task.id()));
    assertEquals(Optional.empty(), restoreTask.restore(task.userId(), task.id()));

    assertEquals(Optional.of(task.restored(NOW)), tasks.find(task.userId(), task.id()));
  }

  @Test
  void nobodyRestoresAnotherUsersTask() {
    tasks.delete(task.userId(), task.id(), Precondition.NONE);

    assertEquals(Optional.empty(), restoreTask.restore(someUser(), task.id()));
  }
}
