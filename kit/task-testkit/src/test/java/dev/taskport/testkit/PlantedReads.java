package dev.taskport.testkit;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.testkit.PlantedStores.Planted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stores whose reads that come later have one fault each, and the promises that each breaks. */
final class PlantedReads {
  private static final String SAME = "aResultThatComesLaterIsThatOfTheCallThatBlocks";
  private static final String STRANGERS = "noReadThatComesLaterReachesAnotherUsersTasks";
  private static final String CONFIRMED = "aReadThatComesLaterShowsWhatWasConfirmedBefore";
  private static final String OWN = "ofManyReadsAtOnceEachGetsItsOwnResult";

  private PlantedReads() {}

  static List<Planted> all() {
    return List.of(
        planted(
                "a read that comes later finds no completed task",
                () ->
                    new Reads() {
                      @Override
                      Optional<Task> found(UserId user, TaskId id) {
                        return super.found(user, id).filter(task -> !task.completed());
                      }
                    })
            .breaking(SAME, "find: what comes later is what the call that blocks finds"),
        planted(
                "a list that comes later begins where the user's tasks begin",
                () ->
                    new Reads() {
                      @Override
                      MarkedTasks listed(UserId user, TaskQuery query) {
                        return super.listed(user, query.from(TaskQuery.newest(1).start()));
                      }
                    })
            .breaking(SAME, "listMarked: what comes later is what the call that blocks lists"),
        planted(
                "a read that comes later finds by the id alone",
                () ->
                    new Reads() {
                      @Override
                      Optional<Task> found(UserId user, TaskId id) {
                        return super.found(owners.getOrDefault(id, user), id);
                      }
                    })
            .breaking(STRANGERS, "find: another user's task is not found"),
        planted(
                "a list that comes later is, for who has no task, somebody's",
                () ->
                    new Reads() {
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
                    new Reads() {
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
                    new Reads() {
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
                    new Reads() {
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
                    new Reads() {
                      private final Mixer<MarkedTasks> mixer = new Mixer<>();

                      @Override
                      public CompletionStage<MarkedTasks> listMarked(UserId user, TaskQuery query) {
                        return mixer.later(listed(user, query));
                      }
                    })
            .breaking(OWN, "listMarked: of many reads at once each gets its own result"));
  }

  private static Planted planted(String fault, Supplier<Reads> reads) {
    return new Planted(
        fault,
        () -> {
          Reads later = reads.get();
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

  /** Reads that are right; each planted one overrides one thing. */
  private static class Reads implements AsyncTaskRepository {
    final Map<TaskId, UserId> owners = new ConcurrentHashMap<>();
    @Nullable Faulty store;

    Optional<Task> found(UserId user, TaskId id) {
      return store().find(user, id);
    }

    MarkedTasks listed(UserId user, TaskQuery query) {
      return store().listMarked(user, query);
    }

    private Faulty store() {
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
