package dev.taskport.testkit;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.testkit.PlantedStores.Planted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stores whose calls that come later have one fault each, and the promises that each breaks. */
final class PlantedLaterCalls {
  private static final String SAME = "aResultThatComesLaterIsThatOfTheCallThatBlocks";
  private static final String STRANGERS = "noReadThatComesLaterReachesAnotherUsersTasks";
  private static final String CONFIRMED = "aReadThatComesLaterShowsWhatWasConfirmedBefore";
  private static final String OWN = "ofManyReadsAtOnceEachGetsItsOwnResult";
  private static final String WRITES = "ofManyWritesAtOnceEachGetsItsOwnResult";
  private static final String WRITING_STRANGERS = "noWriteThatComesLaterReachesAnotherUsersTasks";
  private static final String TOGGLES = "ofManyTogglesOfOneTaskAtOnceEachIsCounted";

  private PlantedLaterCalls() {}

  static List<Planted> all() {
    return Stream.of(reads(), writes(), writesAtOnce()).flatMap(List::stream).toList();
  }

  private static List<Planted> reads() {
    return List.of(
        planted(
                "a read that comes later finds no completed task",
                () ->
                    new Calls() {
                      @Override
                      Optional<Task> found(UserId user, TaskId id) {
                        return super.found(user, id).filter(task -> !task.completed());
                      }
                    })
            .breaking(SAME, "find: what comes later is what the call that blocks finds"),
        planted(
                "a list that comes later begins where the user's tasks begin",
                () ->
                    new Calls() {
                      @Override
                      MarkedTasks listed(UserId user, TaskQuery query) {
                        return super.listed(user, query.from(TaskQuery.newest(1).start()));
                      }
                    })
            .breaking(SAME, "listMarked: what comes later is what the call that blocks lists"),
        planted(
                "a read that comes later finds by the id alone",
                () ->
                    new Calls() {
                      @Override
                      Optional<Task> found(UserId user, TaskId id) {
                        return super.found(owners.getOrDefault(id, user), id);
                      }
                    })
            .breaking(STRANGERS, "find: another user's task is not found"),
        planted(
                "a list that comes later is, for who has no task, somebody's",
                () ->
                    new Calls() {
                      @Override
                      MarkedTasks listed(UserId user, TaskQuery query) {
                        UserId somebody = owners.values().iterator().next();
                        return super.listed(owners.containsValue(user) ? user : somebody, query);
                      }
                    })
            .breaking(STRANGERS, "listMarked: another user's task is not listed"),
        planted(
                "a read that comes later remembers what it found",
                () ->
                    new Calls() {
                      private final Map<TaskId, Optional<Task>> known = new ConcurrentHashMap<>();

                      @Override
                      Optional<Task> found(UserId user, TaskId id) {
                        return known.computeIfAbsent(id, key -> super.found(user, key));
                      }
                    })
            .breaking(CONFIRMED, "find: a change that was confirmed is seen"),
        planted(
                "a list that comes later is remembered",
                () ->
                    new Calls() {
                      private final Map<UserId, MarkedTasks> known = new ConcurrentHashMap<>();

                      @Override
                      MarkedTasks listed(UserId user, TaskQuery query) {
                        return known.computeIfAbsent(user, key -> super.listed(key, query));
                      }
                    })
            .breaking(CONFIRMED, "listMarked: a change that was confirmed is seen"),
        planted(
                "finds at once get each other's results",
                () ->
                    new Calls() {
                      private final Mixer<Optional<Task>> mixer = new Mixer<>();

                      @Override
                      public CompletionStage<Optional<Task>> find(UserId user, TaskId id) {
                        return mixer.later(found(user, id));
                      }
                    })
            .breaking(OWN, "find: of many reads at once each gets its own result"),
        planted(
                "lists at once get each other's results",
                () ->
                    new Calls() {
                      private final Mixer<MarkedTasks> mixer = new Mixer<>();

                      @Override
                      public CompletionStage<MarkedTasks> listMarked(UserId user, TaskQuery query) {
                        return mixer.later(listed(user, query));
                      }
                    })
            .breaking(OWN, "listMarked: of many reads at once each gets its own result"));
  }

  private static List<Planted> writes() {
    return List.of(
        planted(
                "a creation that comes later forgets the key",
                () ->
                    new Calls() {
                      @Override
                      CreateResult created(
                          UserId user, NewTask task, @Nullable IdempotencyKey key) {
                        return super.created(user, task, null);
                      }
                    })
            .breaking(SAME, "create: what comes later is what the call that blocks answers"),
        planted(
                "a creation that comes later is told, but not carried out",
                () ->
                    new Calls() {
                      @Override
                      CreateResult created(
                          UserId user, NewTask task, @Nullable IdempotencyKey key) {
                        CreateResult result = super.created(user, task, key);
                        return result.match(
                            created -> {
                              store().right.delete(user, task.id(), Precondition.NONE);
                              return created;
                            },
                            replayed -> replayed,
                            keyReused -> keyReused,
                            exists -> exists);
                      }
                    })
            .breaking(SAME, "create: what comes later is what the call that blocks answers"),
        planted(
                "a creation that comes later is carried out twice",
                () ->
                    new Calls() {
                      @Override
                      CreateResult created(
                          UserId user, NewTask task, @Nullable IdempotencyKey key) {
                        super.created(
                            user,
                            new NewTask(SampleTasks.someId(), task.content(), task.createdAt()),
                            null);
                        return super.created(user, task, key);
                      }
                    })
            .breaking(SAME, "list: what is created later is stored once")
            .breaking(WRITES, "list: of many writes at once each is carried out once"),
        planted(
                "a change that comes later asks for no precondition",
                () ->
                    new Calls() {
                      @Override
                      WriteResult changed(
                          UserId user,
                          TaskId id,
                          TaskChange change,
                          Precondition precondition,
                          Instant now) {
                        return super.changed(user, id, change, Precondition.NONE, now);
                      }
                    })
            .breaking(SAME, "change: what comes later is what the call that blocks answers"),
        planted(
                "a change that comes later is told, but not carried out",
                () ->
                    new Calls() {
                      private final Map<TaskId, Task> told = new ConcurrentHashMap<>();

                      @Override
                      WriteResult changed(
                          UserId user,
                          TaskId id,
                          TaskChange change,
                          Precondition precondition,
                          Instant now) {
                        Optional<Task> found = found(user, id);
                        if (found.isEmpty()) {
                          return new WriteResult.NotFound();
                        }
                        Task current = told.getOrDefault(id, found.get());
                        if (!precondition.allows(current.revision())) {
                          return new WriteResult.Stale(current);
                        }
                        told.put(id, current.apply(change, now));
                        return new WriteResult.Done(told.get(id));
                      }
                    })
            .breaking(SAME, "find: what is changed later is stored")
            .breaking(TOGGLES, "find: of many toggles of one task at once each is carried out"),
        planted(
                "a change that comes later is told before it is carried out",
                () ->
                    new Calls() {
                      @Override
                      public CompletionStage<WriteResult> change(
                          UserId user,
                          TaskId id,
                          TaskChange change,
                          Precondition precondition,
                          Instant now) {
                        Optional<Task> current = found(user, id);
                        CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)
                            .execute(() -> changed(user, id, change, precondition, now));
                        return CompletableFuture.completedStage(
                            new WriteResult.Done(current.orElseThrow().apply(change, now)));
                      }
                    })
            .breaking(CONFIRMED, "find: a change that was confirmed is seen"),
        planted(
                "a deletion that comes later asks for no precondition",
                () ->
                    new Calls() {
                      @Override
                      WriteResult deleted(UserId user, TaskId id, Precondition precondition) {
                        return super.deleted(user, id, Precondition.NONE);
                      }
                    })
            .breaking(SAME, "delete: what comes later is what the call that blocks answers"),
        planted(
                "a deletion that comes later takes another task as well",
                () ->
                    new Calls() {
                      @Override
                      WriteResult deleted(UserId user, TaskId id, Precondition precondition) {
                        WriteResult result = super.deleted(user, id, precondition);
                        if (result instanceof WriteResult.Done) {
                          for (Task other : store().list(user, TaskQuery.newest(1))) {
                            super.deleted(user, other.id(), Precondition.NONE);
                          }
                        }
                        return result;
                      }
                    })
            .breaking(SAME, "list: what is deleted later is gone, and nothing else"),
        planted(
                "a change that comes later finds by the id alone",
                () ->
                    new Calls() {
                      @Override
                      WriteResult changed(
                          UserId user,
                          TaskId id,
                          TaskChange change,
                          Precondition precondition,
                          Instant now) {
                        return super.changed(
                            owners.getOrDefault(id, user), id, change, precondition, now);
                      }
                    })
            .breaking(WRITING_STRANGERS, "change: another user's task is not found"),
        planted(
                "a deletion that comes later finds by the id alone",
                () ->
                    new Calls() {
                      @Override
                      WriteResult deleted(UserId user, TaskId id, Precondition precondition) {
                        return super.deleted(owners.getOrDefault(id, user), id, precondition);
                      }
                    })
            .breaking(WRITING_STRANGERS, "delete: another user's task is not found"),
        planted(
                "a creation that comes later finds an id whoever has it",
                () ->
                    new Calls() {
                      @Override
                      CreateResult created(
                          UserId user, NewTask task, @Nullable IdempotencyKey key) {
                        return super.found(owners.getOrDefault(task.id(), user), task.id())
                            .<CreateResult>map(CreateResult.Exists::new)
                            .orElseGet(() -> super.created(user, task, key));
                      }
                    })
            .breaking(WRITING_STRANGERS, "create: another user's id and key are free"),
        planted(
                "a deletion that comes later by somebody else is refused, but carried out",
                () ->
                    new Calls() {
                      @Override
                      WriteResult deleted(UserId user, TaskId id, Precondition precondition) {
                        WriteResult result = super.deleted(user, id, precondition);
                        if (result instanceof WriteResult.NotFound) {
                          super.deleted(owners.getOrDefault(id, user), id, Precondition.NONE);
                        }
                        return result;
                      }
                    })
            .breaking(
                WRITING_STRANGERS,
                "list: what another user does changes nothing in the owner's list"));
  }

  private static List<Planted> writesAtOnce() {
    return List.of(
        planted(
                "creations at once get each other's results",
                () ->
                    new Calls() {
                      private final Mixer<CreateResult> mixer = new Mixer<>();

                      @Override
                      public CompletionStage<CreateResult> create(
                          UserId user, NewTask task, @Nullable IdempotencyKey key) {
                        return mixer.later(created(user, task, key));
                      }
                    })
            .breaking(WRITES, "create: of many writes at once each gets its own result"),
        planted(
                "changes at once get each other's results",
                () ->
                    new Calls() {
                      private final Mixer<WriteResult> mixer = new Mixer<>();

                      @Override
                      public CompletionStage<WriteResult> change(
                          UserId user,
                          TaskId id,
                          TaskChange change,
                          Precondition precondition,
                          Instant now) {
                        return mixer.later(changed(user, id, change, precondition, now));
                      }
                    })
            .breaking(WRITES, "change: of many writes at once each gets its own result")
            .breaking(
                TOGGLES, "change: of many toggles of one task at once each has its own result"),
        planted(
                "deletions at once get each other's results",
                () ->
                    new Calls() {
                      private final Mixer<WriteResult> mixer = new Mixer<>();

                      @Override
                      public CompletionStage<WriteResult> delete(
                          UserId user, TaskId id, Precondition precondition) {
                        return mixer.later(deleted(user, id, precondition));
                      }
                    })
            .breaking(WRITES, "delete: of many writes at once each gets its own result"),
        planted(
                "changes at once are lost",
                () ->
                    new Calls() {
                      @Override
                      public CompletionStage<WriteResult> change(
                          UserId user,
                          TaskId id,
                          TaskChange change,
                          Precondition precondition,
                          Instant now) {
                        Optional<Task> current = found(user, id);
                        return CompletableFuture.supplyAsync(
                            () -> {
                              Task changed = current.orElseThrow().apply(change, now);
                              store().right.putStored(changed);
                              return new WriteResult.Done(changed);
                            },
                            CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS));
                      }
                    })
            .breaking(
                TOGGLES, "change: of many toggles of one task at once each has its own result"));
  }

  private static Planted planted(String fault, Supplier<Calls> calls) {
    return new Planted(
        fault,
        () -> {
          Calls later = calls.get();
          return new Faulty() {
            @Override
            public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
              later.owners.put(task.id(), user);
              return super.create(user, task, key);
            }

            @Override
            AsyncTaskRepository async() {
              later.store = this;
              return later;
            }
          };
        },
        Map.of());
  }

  /** Calls that are right; each planted one overrides one thing. */
  private static class Calls implements AsyncTaskRepository {
    final Map<TaskId, UserId> owners = new ConcurrentHashMap<>();
    @Nullable Faulty store;

    Optional<Task> found(UserId user, TaskId id) {
      return store().find(user, id);
    }

    MarkedTasks listed(UserId user, TaskQuery query) {
      return store().listMarked(user, query);
    }

    CreateResult created(UserId user, NewTask task, @Nullable IdempotencyKey key) {
      return store().create(user, task, key);
    }

    WriteResult changed(
        UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
      return store().change(user, id, change, precondition, now);
    }

    WriteResult deleted(UserId user, TaskId id, Precondition precondition) {
      return store().delete(user, id, precondition);
    }

    Faulty store() {
      if (store == null) {
        throw new IllegalStateException("No store");
      }
      return store;
    }

    @Override
    public CompletionStage<Optional<Task>> find(UserId user, TaskId id) {
      return CompletableFuture.completedStage(found(user, id));
    }

    @Override
    public CompletionStage<MarkedTasks> listMarked(UserId user, TaskQuery query) {
      return CompletableFuture.completedStage(listed(user, query));
    }

    @Override
    public CompletionStage<CreateResult> create(
        UserId user, NewTask task, @Nullable IdempotencyKey key) {
      return CompletableFuture.completedStage(created(user, task, key));
    }

    @Override
    public CompletionStage<WriteResult> change(
        UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
      return CompletableFuture.completedStage(changed(user, id, change, precondition, now));
    }

    @Override
    public CompletionStage<WriteResult> delete(UserId user, TaskId id, Precondition precondition) {
      return CompletableFuture.completedStage(deleted(user, id, precondition));
    }
  }

  /** Gives the one before, if it still waits, the result of the next. */
  private static final class Mixer<T> {
    private final AtomicReference<CompletableFuture<T>> last =
        new AtomicReference<>(new CompletableFuture<>());

    CompletionStage<T> later(T result) {
      CompletableFuture<T> later = new CompletableFuture<>();
      last.getAndSet(later).complete(result);
      return later.completeOnTimeout(result, 2, TimeUnit.MILLISECONDS);
    }
  }
}
