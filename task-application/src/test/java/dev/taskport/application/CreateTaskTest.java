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
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.ThreadedTaskRepository;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CreateTaskTest {
  private static final TaskContent OTHER = TaskContent.titled(Title.parse("Other"));
  private static final TaskDraft DRAFT = new TaskDraft(null, CONTENT);
  private static final IdempotencyKey KEY = IdempotencyKey.parse("one-intention");

  private final InMemoryTaskRepository tasks = new InMemoryTaskRepository();
  private final AtomicLong ids = new AtomicLong();
  private final CreateTask createTask =
      new CreateTask(
          new ThreadedTaskRepository(Runnable::run, tasks, tasks),
          () -> new UUID(0, ids.incrementAndGet()),
          Clock.fixed(CREATED, ZoneOffset.UTC));
  private final UserId user = someUser();

  @Test
  void aTaskGetsTheNextIdAndTheTimeOfTheClock() {
    Task expected = Task.create(user, new NewTask(id(1), CONTENT, CREATED));

    assertEquals(new CreateResult.Created(expected), create(DRAFT, null));

    assertEquals(Optional.of(expected), tasks.find(user, id(1)));
  }

  @Test
  void withoutAKeyTheSameDraftMakesAnotherTask() {
    create(DRAFT, null);
    create(DRAFT, null);

    assertEquals(
        List.of(id(2), id(1)),
        tasks.list(user, TaskQuery.newest(100)).stream().map(Task::id).toList());
  }

  @Test
  void theClientsOwnIdIsUsedAndNoneIsDrawn() {
    TaskId chosen = someId();

    create(new TaskDraft(chosen, CONTENT), null);

    assertEquals(
        List.of(Task.create(user, new NewTask(chosen, CONTENT, CREATED))),
        tasks.list(user, TaskQuery.newest(100)));
    assertEquals(0, ids.get());
  }

  @Test
  void anIdThatTheUserHasAlreadyIsRefusedWithTheTaskThatHasIt() {
    TaskDraft draft = new TaskDraft(someId(), CONTENT);
    create(draft, null);

    assertEquals(
        new CreateResult.Exists(tasks.list(user, TaskQuery.newest(100)).get(0)),
        create(new TaskDraft(draft.id(), OTHER), null));
  }

  @Test
  void aRetryWithTheKeyGivesTheFirstTaskAndStoresNothing() {
    create(DRAFT, KEY);
    Task first = tasks.list(user, TaskQuery.newest(100)).get(0);

    assertEquals(new CreateResult.Replayed(first), create(DRAFT, KEY));

    assertEquals(List.of(first), tasks.list(user, TaskQuery.newest(100)));
  }

  @Test
  void theKeyOfAnotherContentIsRefused() {
    create(DRAFT, KEY);

    assertEquals(new CreateResult.KeyReused(), create(new TaskDraft(null, OTHER), KEY));
  }

  private CreateResult create(TaskDraft draft, @Nullable IdempotencyKey key) {
    return createTask.create(user, draft, key).toCompletableFuture().join();
  }

  private static TaskId id(long number) {
    return new TaskId(new UUID(0, number));
  }
}
