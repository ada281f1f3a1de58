package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.CONTENT;
import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CreateTaskTest {
  private static final TaskContent OTHER = TaskContent.titled(Title.parse("Other"));
  private static final TaskDraft DRAFT = new TaskDraft(null, CONTENT);
  private static final IdempotencyKey KEY = IdempotencyKey.parse("one-intention");

  private final TaskRepository tasks = new InMemoryTaskRepository();
  private final AtomicLong ids = new AtomicLong();
  private final CreateTask createTask =
      new CreateTask(
          tasks, () -> new UUID(0, ids.incrementAndGet()), Clock.fixed(CREATED, ZoneOffset.UTC));
  private final UserId user = someUser();

  @Test
  void aTaskGetsTheNextIdAndTheTimeOfTheClock() {
    Task expected = Task.create(user, new NewTask(id(1), CONTENT, CREATED));

    assertEquals(new CreateResult.Created(expected), createTask.create(user, DRAFT, null));

    assertEquals(Optional.of(expected), tasks.find(user, id(1)));
  }

  @Test
  void withoutAKeyTheSameDraftMakesAnotherTask() {
    createTask.create(user, DRAFT, null);
    createTask.create(user, DRAFT, null);

    assertEquals(
        List.of(id(2), id(1)),
        tasks.list(user, TaskQuery.newest(100)).stream().map(Task::id).toList());
  }

  @Test
  void theClientsOwnIdIsUsedAndNoneIsDrawn() {
    TaskId chosen = someId();

    createTask.create(user, new TaskDraft(chosen, CONTENT), null);

    assertEquals(
        List.of(Task.create(user, new NewTask(chosen, CONTENT, CREATED))),
        tasks.list(user, TaskQuery.newest(100)));
    assertEquals(0, ids.get());
  }

  @Test
  void anIdThatTheUserHasAlreadyIsRefusedWithTheTaskThatHasIt() {
    TaskDraft draft = new TaskDraft(someId(), CONTENT);
    createTask.create(user, draft, null);

    assertEquals(
        new CreateResult.Exists(tasks.list(user, TaskQuery.newest(100)).get(0)),
        createTask.create(user, new TaskDraft(draft.id(), OTHER), null));
  }

  @Test
  void aRetryWithTheKeyGivesTheFirstTaskAndStoresNothing() {
    createTask.create(user, DRAFT, KEY);
    Task first = tasks.list(user, TaskQuery.newest(100)).get(0);

    assertEquals(new CreateResult.Replayed(first), createTask.create(user, DRAFT, KEY));

    assertEquals(List.of(first), tasks.list(user, TaskQuery.newest(100)));
  }

  @Test
  void theKeyOfAnotherContentIsRefused() {
    createTask.create(user, DRAFT, KEY);

    assertEquals(
        new CreateResult.KeyReused(), createTask.create(user, new TaskDraft(null, OTHER), KEY));
  }

  private static TaskId id(long number) {
    return new TaskId(new UUID(0, number));
  }
}
