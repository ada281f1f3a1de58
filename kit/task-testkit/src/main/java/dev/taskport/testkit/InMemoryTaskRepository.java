package dev.taskport.testkit;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks in memory, for tests and trials, and is the model that other stores are compared
 * with. Idempotency keys are never removed. A single lock protects everything.
 */
public final class InMemoryTaskRepository implements TaskRepository {
  private final Map<UserId, Map<TaskId, Task>> tasksByUser = new HashMap<>();
  private final Map<UserId, Map<IdempotencyKey, Claim>> claimsByKey = new HashMap<>();
  private final Duration keyRetention;
  private final Clock clock;

  /** An empty store that remembers idempotency keys for a day. */
  public InMemoryTaskRepository() {
    this(Duration.ofHours(24));
  }

  /** An empty store that remembers idempotency keys for this long. */
  public InMemoryTaskRepository(Duration keyRetention) {
    this(keyRetention, Clock.systemUTC());
  }

  /** An empty store that remembers idempotency keys for this long, by this clock. */
  public InMemoryTaskRepository(Duration keyRetention, Clock clock) {
    this.keyRetention = keyRetention;
    this.clock = clock;
  }

  @Override
  public synchronized CreateResult create(
      UserId user, NewTask newTask, @Nullable IdempotencyKey key) {
    Task task = Task.create(user, newTask);
    if (key != null) {
      Claim claim = claimsOf(user).get(key);
      if (claim != null && !claim.since().isBefore(clock.instant().minus(keyRetention))) {
        return claim.task().content().equals(task.content())
            ? new CreateResult.Replayed(claim.task())
            : new CreateResult.KeyReused();
      }
    }
    Task current = tasksOf(user).putIfAbsent(task.id(), task);
    if (current != null) {
      return new CreateResult.Exists(current);
    }
    if (key != null) {
      claimsOf(user).put(key, new Claim(task, clock.instant()));
    }
    return new CreateResult.Created(task);
  }

  /** Stores the task unchanged, as if an older program had stored it. */
  public synchronized void putStored(Task task) {
    tasksOf(task.userId()).put(task.id(), task);
  }

  @Override
  public synchronized Optional<Task> find(UserId user, TaskId id) {
    return Optional.ofNullable(tasksOf(user).get(id));
  }

  @Override
  public synchronized List<Task> list(UserId user, TaskQuery query) {
    TaskOrder order = query.order();
    Stream<Task> tasks =
        tasksOf(user).values().stream()
            .filter(query.filter()::allows)
            .sorted(Comparator.comparing(order::positionOf, order.comparator()));
    Stream<Task> page =
        query
            .start()
            .match(
                offset -> tasks.skip(offset.tasks()),
                after ->
                    tasks.filter(
                        task ->
                            order.comparator().compare(order.positionOf(task), after.position())
                                > 0));
    return page.limit(query.limit()).toList();
  }

  @Override
  public synchronized long count(UserId user, TaskFilter filter) {
    return tasksOf(user).values().stream().filter(filter::allows).count();
  }

  @Override
  public synchronized TaskSummary summarize(UserId user) {
    long completed = tasksOf(user).values().stream().filter(Task::completed).count();
    return new TaskSummary(completed, tasksOf(user).size() - completed);
  }

  @Override
  public synchronized WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    Task current = tasksOf(user).get(id);
    if (current == null) {
      return new WriteResult.NotFound();
    }
    if (!precondition.allows(current.revision())) {
      return new WriteResult.Stale(current);
    }
    Task changed = current.apply(change, now);
    tasksOf(user).put(id, changed);
    return new WriteResult.Done(changed);
  }

  @Override
  public synchronized WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    Task current = tasksOf(user).get(id);
    if (current == null) {
      return new WriteResult.NotFound();
    }
    if (!precondition.allows(current.revision())) {
      return new WriteResult.Stale(current);
    }
    tasksOf(user).remove(id);
    return new WriteResult.Done(current);
  }

  private Map<TaskId, Task> tasksOf(UserId user) {
    return tasksByUser.computeIfAbsent(user, newUser -> new HashMap<>());
  }

  private Map<IdempotencyKey, Claim> claimsOf(UserId user) {
    return claimsByKey.computeIfAbsent(user, newUser -> new HashMap<>());
  }

  /** The task that was created with a key, and when. */
  private record Claim(Task task, Instant since) {}
}
