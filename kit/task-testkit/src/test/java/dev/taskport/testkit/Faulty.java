package dev.taskport.testkit;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.async.ThreadedTaskRepository;
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A store that does everything right; each planted store overrides one thing. */
abstract class Faulty implements TaskRepository, TaskChangeLog, LogMarks, TaskTrash {
  final SettableClock clock = new SettableClock();

  /** The store that does the work. */
  final InMemoryTaskRepository right;

  Faulty() {
    this(TaskRepositoryContract.KEY_RETENTION);
  }

  Faulty(Duration keyRetention) {
    this(
        keyRetention,
        DeletionExpiryContract.DELETED_RETENTION,
        DeletionExpiryContract.CHANGES_RETENTION);
  }

  Faulty(Duration keyRetention, Duration deletedRetention, Duration changesRetention) {
    right = new InMemoryTaskRepository(keyRetention, deletedRetention, changesRetention, clock);
  }

  /** Its reads that tell their results later. */
  AsyncTaskRepository async() {
    return new ThreadedTaskRepository(Runnable::run, this, this);
  }

  /** Whom the store takes the user for. */
  UserId user(UserId user) {
    return user;
  }

  /** What the store takes the key for. */
  IdempotencyKey key(UserId user, IdempotencyKey key) {
    return key;
  }

  /** What the store makes of a task that it holds from now on. */
  Task kept(Task task) {
    return task;
  }

  @Override
  public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
    CreateResult result = right.create(user(user), task, key == null ? null : key(user, key));
    return result.match(
        created -> {
          keep(created.task());
          return new CreateResult.Created(as(user, created.task()));
        },
        replayed -> new CreateResult.Replayed(as(user, replayed.task())),
        keyReused -> keyReused,
        exists -> new CreateResult.Exists(as(user, exists.current())));
  }

  @Override
  public Optional<Task> find(UserId user, TaskId id) {
    return right.find(user(user), id).map(task -> as(user, task));
  }

  @Override
  public List<Task> list(UserId user, TaskQuery query) {
    return right.list(user(user), query).stream().map(task -> as(user, task)).toList();
  }

  @Override
  public long count(UserId user, TaskFilter filter) {
    return right.count(user(user), filter);
  }

  @Override
  public TaskSummary summarize(UserId user) {
    return right.summarize(user(user));
  }

  @Override
  public WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    return of(
        user,
        right
            .change(user(user), id, change, precondition, now)
            .match(
                done -> {
                  keep(done.task());
                  return done;
                },
                notFound -> notFound,
                stale -> stale));
  }

  @Override
  public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    return of(user, right.delete(user(user), id, precondition));
  }

  @Override
  public LogMark mark(UserId user) {
    return right.mark(user(user));
  }

  @Override
  public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
    return right
        .read(user(user), since, limit)
        .match(
            page ->
                new LogReading.Page(
                    page.entries().stream().map(entry -> as(user, entry)).toList(),
                    page.next(),
                    page.more()),
            startOver -> startOver);
  }

  @Override
  public MarkedTasks listMarked(UserId user, TaskQuery query) {
    LogMark mark = mark(user);
    return new MarkedTasks(list(user, query), mark);
  }

  @Override
  public Map<UserId, LogMark> marks(Set<UserId> users) {
    return users.stream().collect(Collectors.toMap(Function.identity(), this::mark));
  }

  @Override
  public List<DeletedTask> listDeleted(UserId user, long before, int limit) {
    return right.listDeleted(user(user), before, limit).stream()
        .map(
            deleted ->
                new DeletedTask(as(user, deleted.task()), deleted.deletedAt(), deleted.number()))
        .toList();
  }

  @Override
  public Optional<Task> restore(UserId user, TaskId id, Instant now) {
    return right.restore(user(user), id, now).map(task -> as(user, task));
  }

  @Override
  public WriteResult deletePermanently(UserId user, TaskId id, Precondition precondition) {
    return of(user, right.deletePermanently(user(user), id, precondition));
  }

  /** The order of the calls is the only thing that races are about: lets another caller in. */
  static void letOthersIn() {
    LockSupport.parkNanos(2_000_000);
  }

  private void keep(Task task) {
    Task kept = kept(task);
    if (!kept.equals(task)) {
      right.putStored(kept);
    }
  }

  private static WriteResult of(UserId user, WriteResult result) {
    return result.match(
        done -> new WriteResult.Done(as(user, done.task())),
        notFound -> notFound,
        stale -> new WriteResult.Stale(as(user, stale.current())));
  }

  private static LogEntry as(UserId user, LogEntry entry) {
    return entry.match(
        stored -> new LogEntry.Stored(as(user, stored.task()), stored.point()), deleted -> deleted);
  }

  private static Task as(UserId user, Task task) {
    return Task.stored(
        task.id(),
        user,
        task.content(),
        task.completed(),
        task.createdAt(),
        task.updatedAt(),
        task.version());
  }
}
