package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskChange.SetCompleted;
import dev.taskport.domain.TaskChange.ToggleCompleted;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writers and followers of several users at once. Each writer has tasks of its own, of which it
 * knows every state, and writes tasks that all writers of the user write. Followers come and go:
 * each goes on from where another one was, at any time before.
 */
final class LogHistory {
  private static final int USERS = 2;
  private static final int WRITERS = 3;
  private static final int FOLLOWERS = 2;
  private static final int STEPS = 40;
  private static final int MOST_STEPS = 5000;
  private static final int VISITS = 30;
  private static final int MOST_PLACES = 30;

  /** A log that is wrong may still come through one history. */
  private static final int ROUNDS = 3;

  private final TaskRepository repository;
  private final TaskChangeLog log;
  private final @Nullable TaskTrash trash;
  private final long seed = new Random().nextLong();

  private LogHistory(TaskRepository repository, TaskChangeLog log, @Nullable TaskTrash trash) {
    this.repository = repository;
    this.log = log;
    this.trash = trash;
  }

  /**
   * Runs histories and checks what every follower holds, meanwhile and at the end.
   *
   * @param trash {@code null} if the writers restore nothing
   */
  static void run(TaskRepository repository, TaskChangeLog log, @Nullable TaskTrash trash) {
    for (int round = 0; round < ROUNDS; round++) {
      new LogHistory(repository, log, trash).run();
    }
  }

  private void run() {
    try {
      List<Scene> scenes = new ArrayList<>();
      for (int user = 0; user < USERS; user++) {
        scenes.add(new Scene());
      }
      Race.atOnce(
          USERS * (WRITERS + FOLLOWERS),
          caller -> {
            Scene scene = scenes.get(caller % USERS);
            Random random = new Random(seed + caller);
            int part = caller / USERS;
            return () -> {
              if (part < WRITERS) {
                scene.write(part, random);
              } else {
                scene.follow(random);
              }
              return caller;
            };
          });
      Random random = new Random(seed);
      scenes.forEach(scene -> scene.readOn(random));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; seed " + seed, e);
    }
  }

  /** What happens to one user's tasks. */
  private final class Scene {
    private final UserId user = someUser();
    private final List<TaskId> shared = List.of(someId(), someId());
    private final List<List<OwnTask>> own = new ArrayList<>();
    private final AtomicInteger following = new AtomicInteger(FOLLOWERS);
    private final List<Follower> places = new ArrayList<>(List.of(new Follower(log, user)));
    private Follower newest = places.get(0);

    Scene() {
      for (int writer = 0; writer < WRITERS; writer++) {
        own.add(List.of(new OwnTask(user), new OwnTask(user), new OwnTask(user)));
      }
    }

    /** Writes as long as there are followers, who may be slower. */
    void write(int writer, Random random) {
      for (int step = 0; step < STEPS || (following.get() > 0 && step < MOST_STEPS); step++) {
        Instant now = CREATED.plusSeconds(step);
        if (random.nextInt(4) == 0) {
          writeShared(shared.get(random.nextInt(shared.size())), now, random);
        } else {
          List<OwnTask> tasks = own.get(writer);
          tasks.get(random.nextInt(tasks.size())).write(now, random);
        }
      }
    }

    private void writeShared(TaskId id, Instant now, Random random) {
      switch (random.nextInt(trash == null ? 3 : 5)) {
        case 0 -> repository.create(user, asNew(aTask().under(id).createdAt(now).build()), null);
        case 1 -> repository.delete(user, id, Precondition.NONE);
        case 3 -> restore(user, id, now);
        case 4 -> deletePermanently(user, id);
        default -> repository.change(user, id, new ToggleCompleted(), Precondition.NONE, now);
      }
    }

    void follow(Random random) {
      try {
        for (int visit = 0; visit < VISITS; visit++) {
          Follower follower = somewhere(random);
          for (int pages = random.nextInt(4); pages >= 0; pages--) {
            boolean more = follower.read(1 + random.nextInt(6)).more();
            for (List<OwnTask> tasks : own) {
              tasks.forEach(task -> task.check(follower, more));
            }
          }
          leave(follower, random);
        }
      } finally {
        following.decrementAndGet();
      }
    }

    private synchronized Follower somewhere(Random random) {
      return (random.nextBoolean() ? newest : places.get(random.nextInt(places.size()))).again();
    }

    private synchronized void leave(Follower follower, Random random) {
      newest = follower.number() > newest.number() ? follower : newest;
      if (places.size() < MOST_PLACES) {
        places.add(follower);
      } else {
        places.set(1 + random.nextInt(MOST_PLACES - 1), follower);
      }
    }

    synchronized void readOn(Random random) {
      Map<TaskId, Task> stored =
          repository.list(user, TaskQuery.newest(1000)).stream()
              .collect(Collectors.toMap(Task::id, Function.identity()));
      places.add(newest);
      for (Follower follower : places) {
        String from = "the point " + follower.point();
        assertEquals(
            stored,
            follower.readOn(() -> 1 + random.nextInt(6)).tasks(),
            "read: nothing is missed, who reads on to the end holds the store's tasks, from "
                + from);
      }
    }
  }

  /** A task that one writer alone writes. */
  private final class OwnTask {
    private final UserId user;
    private final TaskId id = someId();
    private final List<Optional<Task>> states = new ArrayList<>(List.of(Optional.empty()));
    private Optional<Task> inTrash = Optional.empty();

    /** The last state that was answered, and a mark after the answer. */
    private int answered;

    private long mark;

    OwnTask(UserId user) {
      this.user = user;
    }

    void write(Instant now, Random random) {
      Optional<Task> current = current();
      int draw = random.nextInt(8);
      if (current.isEmpty()) {
        if (inTrash.isPresent() && draw < 5) {
          Optional<Task> restored = inTrash.map(task -> task.restored(now));
          inTrash = Optional.empty();
          become(restored, () -> assertEquals(restored, restore(user, id, now), "restore"));
        } else {
          create(aTask().of(user).under(id).called("At " + now).createdAt(now).build());
        }
      } else if (draw == 0 && trash != null) {
        WriteResult done = new WriteResult.Done(current.get());
        become(Optional.empty(), () -> assertEquals(done, deletePermanently(user, id)));
      } else if (draw < 3) {
        delete(current.get());
      } else {
        Map<Integer, TaskChange> changes = new HashMap<>();
        changes.put(3, new SetCompleted(true));
        changes.put(4, Edit.NOTHING.withTitle(Title.parse("Edited at " + now)));
        change(current.get(), changes.getOrDefault(draw, new ToggleCompleted()), now);
      }
    }

    private void create(Task task) {
      inTrash = Optional.empty();
      become(
          Optional.of(task),
          () ->
              assertEquals(
                  new CreateResult.Created(task),
                  repository.create(user, asNew(task), null),
                  "create: an id that is free can be used"));
    }

    private void change(Task current, TaskChange change, Instant now) {
      Task changed = current.apply(change, now);
      become(
          Optional.of(changed),
          () ->
              assertEquals(
                  new WriteResult.Done(changed),
                  repository.change(user, id, change, Precondition.NONE, now),
                  "change: a change is done"));
    }

    private void delete(Task current) {
      inTrash = trash == null ? Optional.empty() : Optional.of(current);
      become(
          Optional.empty(),
          () ->
              assertEquals(
                  new WriteResult.Done(current),
                  repository.delete(user, id, Precondition.NONE),
                  "delete: a deletion is done"));
    }

    /** A follower may see the state from the beginning of the write on, and must after its end. */
    private void become(Optional<Task> state, Runnable write) {
      synchronized (this) {
        states.add(state);
      }
      write.run();
      long after = log.mark(user).number();
      synchronized (this) {
        answered = states.size() - 1;
        mark = after;
      }
    }

    private synchronized Optional<Task> current() {
      return states.get(states.size() - 1);
    }

    /**
     * @param more whether there is more to read for the follower
     */
    synchronized void check(Follower follower, boolean more) {
      Optional<Task> held = follower.held(id);
      int state = states.lastIndexOf(held);
      assertTrue(state >= 0, "read: a task is told as it is, not as " + held);
      // A write under way may have given the task a higher number than the follower has read.
      boolean writing = answered < states.size() - 1;
      if (!(more && writing) && follower.number() >= mark) {
        assertTrue(
            state >= answered,
            "read: nothing is missed, who has read up to a number holds every change up to it; the mark "
                + mark
                + " was read after "
                + states.get(answered)
                + ", but it is not held by "
                + follower);
      }
    }
  }

  private Optional<Task> restore(UserId user, TaskId id, Instant now) {
    return trash == null ? Optional.empty() : trash.restore(user, id, now);
  }

  private WriteResult deletePermanently(UserId user, TaskId id) {
    return trash == null
        ? new WriteResult.NotFound()
        : trash.deletePermanently(user, id, Precondition.NONE);
  }
}
