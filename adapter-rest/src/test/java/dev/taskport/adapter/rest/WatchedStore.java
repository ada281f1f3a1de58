package dev.taskport.adapter.rest;

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
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store in memory that counts what lists ask of it; subclasses do more when a page is read. */
public class WatchedStore implements TaskRepository, TaskChangeLog, TaskTrash, LogMarks {
  public final AtomicInteger pages = new AtomicInteger();
  public final AtomicInteger counts = new AtomicInteger();
  public final AtomicInteger marks = new AtomicInteger();
  public final AtomicInteger watches = new AtomicInteger();
  public final AtomicInteger readings = new AtomicInteger();

  private final InMemoryTaskRepository store = new InMemoryTaskRepository();

  /** See {@link InMemoryTaskRepository#putStored}. */
  public void putStored(Task task) {
    store.putStored(task);
  }

  @Override
  public List<Task> list(UserId user, TaskQuery query) {
    pages.incrementAndGet();
    return store.list(user, query);
  }

  @Override
  public long count(UserId user, TaskFilter filter) {
    counts.incrementAndGet();
    return store.count(user, filter);
  }

  @Override
  public TaskSummary summarize(UserId user) {
    return store.summarize(user);
  }

  @Override
  public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
    return store.create(user, task, key);
  }

  @Override
  public Optional<Task> find(UserId user, TaskId id) {
    return store.find(user, id);
  }

  @Override
  public WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    return store.change(user, id, change, precondition, now);
  }

  @Override
  public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    return store.delete(user, id, precondition);
  }

  @Override
  public LogMark mark(UserId user) {
    marks.incrementAndGet();
    return store.mark(user);
  }

  @Override
  public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
    readings.incrementAndGet();
    return store.read(user, since, limit);
  }

  @Override
  public MarkedTasks listMarked(UserId user, TaskQuery query) {
    LogMark mark = store.mark(user);
    return new MarkedTasks(list(user, query), mark);
  }

  @Override
  public Map<UserId, LogMark> marks(Set<UserId> users) {
    watches.incrementAndGet();
    return store.marks(users);
  }

  @Override
  public List<DeletedTask> listDeleted(UserId user, long before, int limit) {
    return store.listDeleted(user, before, limit);
  }

  @Override
  public Optional<Task> restore(UserId user, TaskId id, Instant now) {
    return store.restore(user, id, now);
  }

  @Override
  public WriteResult deletePermanently(UserId user, TaskId id, Precondition precondition) {
    return store.deletePermanently(user, id, precondition);
  }
}
