package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.ThreadedTaskRepository;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The store in memory keeps the promises of the ports when each call is made on a thread. */
class AwaitedTaskRepositoryTest extends InMemoryTaskRepositoryTest {

  @Override
  public TaskRepository repository() {
    return new AwaitedTaskRepository(async(), super.repository());
  }

  @Test
  void aCallThrowsWhatItsStageFailsWith() {
    StoreUnavailableException failure =
        new StoreUnavailableException("Away", new IllegalStateException());
    Faulty away =
        new Faulty() {
          @Override
          public Optional<Task> find(UserId user, TaskId id) {
            throw failure;
          }
        };
    TaskRepository store =
        new AwaitedTaskRepository(
            new ThreadedTaskRepository(call -> new Thread(call).start(), away, away), away);

    assertSame(
        failure,
        assertThrows(StoreUnavailableException.class, () -> store.find(someUser(), someId())));
  }
}
