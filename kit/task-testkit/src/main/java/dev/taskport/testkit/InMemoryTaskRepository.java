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
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks in memory, for tests and trials, and is the model that other stores are compared
 * with. Idempotency keys are never removed. A single lock protects everything.
 */
public final class InMemoryTaskRepository
    implements TaskRepository, TaskTrash, TaskChangeLog, LogMarks {
  private final Map<UserId, Map<TaskId, Task>> tasksByUser = new HashMap<>();
  private final Map<UserId, Map<IdempotencyKey, Claim>> claimsByKey = new HashMap<>();
  private final Map<UserId, Log> logs = new HashMap<>();
  private final Duration keyRetention;
  private final Duration deletedRetention;
  private final Duration changesRetention;
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
    this(keyRetention, Duration.ofDays(30), Duration.ofDays(30), clock);
  }

  /**
   * An empty store.
   *
   * @param keyRetention how long idempotency keys are remembered
   * @param deletedRetention how long deleted tasks can be restored; zero keeps none
   * @param changesRetention how long deletions are told in the change log, at least
   */
  public InMemoryTaskRepository(
      Duration keyRetention, Duration deletedRetention, Duration changesRetention, Clock clock) {
    this.keyRetention = keyRetention;
    this.deletedRetention = deletedRetention;
    this.changesRetention = changesRetention;
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
    logOf(user).stored(task.id());
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
    if (changed.version() != current.version()) {
      tasksOf(user).put(id, changed);
      logOf(user).stored(id);
    }
    return new WriteResult.Done(changed);
  }

  @Override
  public synchronized WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    return delete(user, id, precondition, true);
  }

  private WriteResult delete(
      UserId user, TaskId id, Precondition precondition, boolean keepsContent) {
    Task current = tasksOf(user).get(id);
    if (current == null) {
      return new WriteResult.NotFound();
    }
    if (!precondition.allows(current.revision())) {
      return new WriteResult.Stale(current);
    }
    tasksOf(user).remove(id);
    logOf(user).deleted(id, keepsContent && !deletedRetention.isZero() ? current : null);
    return new WriteResult.Done(current);
  }

  @Override
  public synchronized List<DeletedTask> listDeleted(UserId user, long before, int limit) {
    return logOf(user).restorable().stream()
        .filter(deleted -> deleted.number() < before)
        .sorted(Comparator.comparingLong(DeletedTask::number).reversed())
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Optional<Task> restore(UserId user, TaskId id, Instant now) {
    Optional<Task> restored = inTrash(user, id).map(task -> task.restored(now));
    restored.ifPresent(
        task -> {
          tasksOf(user).put(id, task);
          logOf(user).stored(id);
        });
    return restored;
  }

  @Override
  public synchronized WriteResult deletePermanently(
      UserId user, TaskId id, Precondition precondition) {
    Optional<Task> inTrash = inTrash(user, id);
    if (inTrash.isEmpty()) {
      return delete(user, id, precondition, false);
    }
    if (!precondition.allows(inTrash.get().revision())) {
      return new WriteResult.Stale(inTrash.get());
    }
    logOf(user).dropContent(id);
    return new WriteResult.Done(inTrash.get());
  }

  private Optional<Task> inTrash(UserId user, TaskId id) {
    return logOf(user).restorable().stream()
        .map(DeletedTask::task)
        .filter(task -> task.id().equals(id))
        .findAny();
  }

  @Override
  public synchronized LogMark mark(UserId user) {
    return logOf(user).mark;
  }

  @Override
  public synchronized LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
    Log log = logOf(user);
    SyncPoint start = since == null ? SyncPoint.beginningAt(log.mark) : since;
    if (!start.isReadable(log.mark, log.forgotten())) {
      return new LogReading.StartOver();
    }
    List<LogEntry> entries = new ArrayList<>();
    for (Task task : tasksOf(user).values()) {
      long number = log.numberOf(task.id());
      if (isAfter(start, number, task.id())) {
        entries.add(new LogEntry.Stored(task, start.after(log.mark, number, task.id())));
      }
    }
    log.deletions.forEach(
        (id, deletion) -> {
          if (deletion.number() > start.base()) {
            SyncPoint point = start.after(log.mark, deletion.number(), id);
            entries.add(new LogEntry.Deleted(id, deletion.at(), point));
          }
        });
    entries.sort(
        Comparator.comparingLong((LogEntry entry) -> entry.point().number())
            .thenComparing(LogEntry::id));
    return entries.size() > limit
        ? new LogReading.Page(
            entries.subList(0, limit), entries.get(limit - 1).point(), /* more= */ true)
        : new LogReading.Page(entries, start.at(log.mark), /* more= */ false);
  }

  private static boolean isAfter(SyncPoint point, long number, TaskId id) {
    TaskId last = point.id();
    return number > point.number()
        || (number == point.number() && last != null && id.compareTo(last) > 0);
  }

  @Override
  public synchronized MarkedTasks listMarked(UserId user, TaskQuery query) {
    return new MarkedTasks(list(user, query), mark(user));
  }

  @Override
  public synchronized Map<UserId, LogMark> marks(Set<UserId> users) {
    return users.stream().collect(Collectors.toMap(Function.identity(), this::mark));
  }

  private Map<TaskId, Task> tasksOf(UserId user) {
    return tasksByUser.computeIfAbsent(user, newUser -> new HashMap<>());
  }

  private Log logOf(UserId user) {
    return logs.computeIfAbsent(user, newUser -> new Log());
  }

  private Map<IdempotencyKey, Claim> claimsOf(UserId user) {
    return claimsByKey.computeIfAbsent(user, newUser -> new HashMap<>());
  }

  /** The task that was created with a key, and when. */
  private record Claim(Task task, Instant since) {}

  /** The changes of one user's tasks. */
  private final class Log {
    private LogMark mark = LogMark.NONE;
    private final Map<TaskId, Long> numbers = new HashMap<>();
    private final Map<TaskId, Deletion> deletions = new HashMap<>();
    private long forgotten;

    void stored(TaskId id) {
      deletions.remove(id);
      numbers.put(id, next());
    }

    void deleted(TaskId id, @Nullable Task content) {
      numbers.remove(id);
      deletions.put(id, new Deletion(next(), time(), content));
    }

    void dropContent(TaskId id) {
      deletions.computeIfPresent(
          id, (same, deletion) -> new Deletion(deletion.number(), deletion.at(), null));
    }

    long numberOf(TaskId id) {
      return numbers.getOrDefault(id, 0L);
    }

    private long next() {
      mark = new LogMark(mark.number() == 0 ? time() : mark.started(), mark.number() + 1);
      return mark.number();
    }

    private Instant time() {
      return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    List<DeletedTask> restorable() {
      List<DeletedTask> restorable = new ArrayList<>();
      for (Deletion deletion : deletions.values()) {
        if (deletion.content() != null && isWithin(deletedRetention, deletion)) {
          restorable.add(new DeletedTask(deletion.content(), deletion.at(), deletion.number()));
        }
      }
      return restorable;
    }

    /** Forgets what has expired; returns the highest number of a deletion that was forgotten. */
    long forgotten() {
      deletions
          .values()
          .removeIf(
              deletion -> {
                boolean expired =
                    !isWithin(changesRetention, deletion) && !isWithin(deletedRetention, deletion);
                forgotten = expired ? Math.max(forgotten, deletion.number()) : forgotten;
                return expired;
              });
      return forgotten;
    }

    private boolean isWithin(Duration retention, Deletion deletion) {
      return !deletion.at().isBefore(clock.instant().minus(retention));
    }
  }

  /** A deletion, and the task as it was if its content is kept. */
  private record Deletion(long number, Instant at, @Nullable Task content) {}
}
