package dev.taskport.app.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.app.faults.Answer.Shown;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Revision;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clients and the checker find a store's faults, and none in a store without. */
@Tag("full")
class PlantedFaultsTest {
  private final long seed = new Random().nextLong();

  @Test
  void aStoreWithoutFaultsIsFoundWithout() throws Exception {
    List<Register> registers = load(new MemoryDoor(null));

    assertEquals(List.of(), Verdict.violations(registers), "seed " + seed);
    assertTrue(Verdict.operations(registers, true) > 200, "seed " + seed);
    assertTrue(Verdict.operations(registers, false) > 5, "seed " + seed);
  }

  @ParameterizedTest
  @EnumSource
  void aPlantedFaultIsFound(Planted fault) throws Exception {
    List<Register> registers = load(new MemoryDoor(fault));

    assertFalse(Verdict.violations(registers).isEmpty(), "seed " + seed);
  }

  private List<Register> load(Door door) throws Exception {
    Load load = Load.start("planted", seed, 4, List.of(door), Duration.ofMillis(250));
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_500));
    return load.settle();
  }

  enum Planted {
    /** Says that a change is made, and makes it a little later. */
    ACKNOWLEDGES_BEFORE_IT_COMMITS,
    /** Says that a change is made, and dies before it is. */
    ACKNOWLEDGES_AND_NEVER_COMMITS,
    /** Reads, changes in memory and writes back, over whatever others did meanwhile. */
    LOSES_AN_UPDATE,
    /** Sends a change a second time when the connection has broken. */
    REPEATS_A_WRITE,
    /** Forgets keys. */
    CREATES_TWICE,
    /** Reads from a replica that is behind. */
    READS_AN_OLD_STATE
  }

  /** The kit's store, whose answers get lost now and then, and with a fault if there is one. */
  private static final class MemoryDoor implements Door {
    private final InMemoryTaskRepository store = new InMemoryTaskRepository();
    private final UserId user = UserId.parse("planted");
    private final Clock clock = Clock.tick(Clock.systemUTC(), ChronoUnit.MICROS.getDuration());
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<TaskId, Answer> replica = new ConcurrentHashMap<>();
    private final @Nullable Planted fault;

    MemoryDoor(@Nullable Planted fault) {
      this.fault = fault;
    }

    @Override
    public Optional<Answer> send(Register register, Request request) {
      int call = calls.incrementAndGet();
      pause(1); // so that requests overlap
      try {
        Answer answer = answer(register, request, fault != null && call % 7 == 0 ? fault : null);
        return Optional.of(call % 50 == 0 ? new Answer.Unknown() : answer);
      } catch (StoreUnavailableException e) {
        return Optional.of(new Answer.Unknown());
      }
    }

    private Answer answer(Register register, Request request, @Nullable Planted now) {
      if (request instanceof Request.Create create) {
        return create(register, create, now);
      }
      TaskId id = new TaskId(UUID.fromString(Objects.requireNonNull(register.id())));
      Optional<Task> before = store.find(user, id);
      if (request instanceof Request.Get) {
        Answer first = replica.computeIfAbsent(id, unseen -> answer(before));
        if (now == Planted.READS_AN_OLD_STATE) {
          return first;
        }
        return answer(store.find(user, id));
      }
      if (request instanceof Request.Delete delete) {
        WriteResult result =
            now == Planted.ACKNOWLEDGES_AND_NEVER_COMMITS && before.isPresent()
                ? new WriteResult.Done(before.get())
                : store.delete(user, id, precondition(before, delete.ifVersion()));
        return result.match(
            done -> new Answer.Deleted(),
            notFound -> new Answer.Absent(),
            stale -> new Answer.Stale(stale.current().version()));
      }
      if (request instanceof Request.EditTitle edit) {
        Title title = Title.parse(edit.title());
        return write(id, TaskChange.Edit.NOTHING.withTitle(title), before, edit.ifVersion(), now);
      }
      if (request instanceof Request.Toggle toggle) {
        return write(id, new TaskChange.ToggleCompleted(), before, toggle.ifVersion(), now);
      }
      if (request instanceof Request.SetCompleted set) {
        TaskChange change = new TaskChange.SetCompleted(set.completed());
        return write(id, change, before, set.ifVersion(), now);
      }
      throw new AssertionError(request);
    }

    private Answer create(Register register, Request.Create create, @Nullable Planted now) {
      String key =
          now == Planted.CREATES_TWICE ? register.key() + "/" + calls.get() : register.key();
      CreateResult result =
          store.create(
              user,
              new NewTask(
                  new TaskId(UUID.randomUUID()),
                  TaskContent.titled(Title.parse(create.title())),
                  clock.instant()),
              IdempotencyKey.parse(key));
      Task task =
          result.match(
              created -> created.task(),
              replayed -> replayed.task(),
              reused -> {
                throw new AssertionError("The key was used for another task");
              },
              exists -> exists.current());
      register.id(task.id().value().toString());
      return shown(task);
    }

    private Answer write(
        TaskId id,
        TaskChange change,
        Optional<Task> before,
        @Nullable Long ifVersion,
        @Nullable Planted now) {
      Precondition precondition = precondition(before, ifVersion);
      if (now != null && before.isPresent() && ifVersion == null) {
        Task written = before.get().apply(change, clock.instant());
        switch (now) {
          case ACKNOWLEDGES_BEFORE_IT_COMMITS -> {
            Thread later =
                new Thread(
                    () -> {
                      pause(5);
                      store.change(user, id, change, precondition, clock.instant());
                    });
            later.setDaemon(true);
            later.start();
            return shown(written);
          }
          case ACKNOWLEDGES_AND_NEVER_COMMITS -> {
            return shown(written);
          }
          case LOSES_AN_UPDATE -> {
            pause(2);
            store.putStored(written);
            return shown(written);
          }
          case REPEATS_A_WRITE -> store.change(user, id, change, precondition, clock.instant());
          case CREATES_TWICE, READS_AN_OLD_STATE -> {
            // Not of this kind.
          }
        }
      }
      return store
          .change(user, id, change, precondition, clock.instant())
          .match(
              done -> shown(done.task()),
              notFound -> new Answer.Absent(),
              stale -> new Answer.Stale(stale.current().version()));
    }

    private static Precondition precondition(Optional<Task> task, @Nullable Long ifVersion) {
      Set<Revision> revisions = new HashSet<>();
      if (ifVersion == null) {
        return Precondition.NONE;
      }
      task.ifPresent(t -> revisions.add(new Revision(t.createdAt(), ifVersion)));
      return new Precondition.RevisionIn(revisions);
    }

    private static Answer answer(Optional<Task> task) {
      return task.isPresent() ? shown(task.get()) : new Answer.Absent();
    }

    private static Shown shown(Task task) {
      return new Shown(task.title().value(), task.completed(), task.version());
    }

    private static void pause(int ms) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }
  }
}
