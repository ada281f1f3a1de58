package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Revision;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskChange.SetCompleted;
import dev.taskport.domain.TaskChange.ToggleCompleted;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Random sequences of operations on a store and on {@link InMemoryTaskRepository}. Numbers are each
 * store's own, so what is compared is what the log tells, not by which numbers.
 */
final class LogModel {
  private static final int SEQUENCES = 25;
  private static final int STEPS = 60;

  private LogModel() {}

  /** Runs sequences and compares every answer. */
  static void compare(TaskRepository repository, TaskChangeLog log, TaskTrash trash) {
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
      long seed = new Random().nextLong();
      List<UserId> users = List.of(someUser(), someUser());
      List<TaskId> ids = List.of(someId(), someId(), someId());
      InMemoryTaskRepository model = new InMemoryTaskRepository();
      Side expected = new Side(model, model, model);
      Side actual = new Side(repository, log, trash);
      Random choice = new Random(seed);
      List<String> done = new ArrayList<>();
      for (int step = 0; step < STEPS; step++) {
        UserId user = users.get(choice.nextInt(users.size()));
        TaskId id = ids.get(choice.nextInt(ids.size()));
        long draw = choice.nextLong();
        Answer answer = expected.act(user, id, step, new Random(draw));
        done.add(answer.operation());
        assertEquals(
            answer,
            actual.act(user, id, step, new Random(draw)),
            "the store agrees with the model in step %d of %s; seed %d"
                .formatted(step, done, seed));
      }
    }
  }

  /** What a store answered, and whether its mark is another one than before. */
  private record Answer(String operation, Object value, boolean marked) {}

  /** One of the stores, and those who read its logs. */
  private static final class Side {
    private final TaskRepository repository;
    private final TaskChangeLog log;
    private final TaskTrash trash;
    private final Map<UserId, List<Follower>> followers = new HashMap<>();
    private final Map<UserId, LogMark> marks = new HashMap<>();

    Side(TaskRepository repository, TaskChangeLog log, TaskTrash trash) {
      this.repository = repository;
      this.log = log;
      this.trash = trash;
    }

    Answer act(UserId user, TaskId id, int step, Random random) {
      int operation = random.nextInt(10);
      Object value = operate(operation, user, id, step, random);
      LogMark mark = log.mark(user);
      LogMark before = marks.put(user, mark);
      return new Answer(name(operation), value, !mark.equals(before));
    }

    private static String name(int operation) {
      return switch (operation) {
        case 0, 1 -> "create";
        case 2, 3 -> "change";
        case 4 -> "delete";
        case 5 -> "restore";
        case 6 -> "deletePermanently";
        case 7 -> "listDeleted";
        case 8 -> "read";
        default -> "listMarked";
      };
    }

    private Object operate(int operation, UserId user, TaskId id, int step, Random random) {
      Instant now = CREATED.plusNanos(random.nextInt(10_000)).plusSeconds(random.nextInt(100));
      Precondition precondition =
          random.nextInt(3) > 0
              ? Precondition.NONE
              : new Precondition.RevisionIn(
                  Set.of(new Revision(CREATED, 1), new Revision(CREATED, 2)));
      return switch (operation) {
        case 0, 1 ->
            repository.create(
                user, asNew(aTask().of(user).under(id).called("Step " + step).build()), null);
        case 2, 3 -> {
          List<TaskChange> changes =
              List.of(
                  new SetCompleted(random.nextBoolean()),
                  new ToggleCompleted(),
                  Edit.NOTHING.withTitle(Title.parse("Edited in step " + step)));
          TaskChange change = changes.get(random.nextInt(changes.size()));
          yield repository.change(user, id, change, precondition, now);
        }
        case 4 -> repository.delete(user, id, precondition);
        case 5 -> trash.restore(user, id, now);
        case 6 -> trash.deletePermanently(user, id, precondition);
        case 7 -> deleted(user, 1 + random.nextInt(3));
        case 8 -> read(user, random);
        default -> log.listMarked(user, TaskQuery.newest(2)).tasks();
      };
    }

    private List<Object> deleted(UserId user, int limit) {
      List<Object> tasks = new ArrayList<>();
      List<DeletedTask> page = trash.listDeleted(user, TaskTrash.NEWEST, limit);
      while (!page.isEmpty() && tasks.size() < 100) {
        page.forEach(deleted -> tasks.add(deleted.task()));
        page = trash.listDeleted(user, page.get(page.size() - 1).number(), limit);
      }
      return tasks;
    }

    /** One goes on, or another one begins. */
    private List<Object> read(UserId user, Random random) {
      List<Follower> known =
          followers.computeIfAbsent(
              user, added -> new ArrayList<>(List.of(new Follower(log, added))));
      Follower follower = known.get(random.nextInt(known.size())).again();
      known.add(follower);
      LogReading.Page page = follower.read(1 + random.nextInt(3));
      List<Object> told = new ArrayList<>();
      for (LogEntry entry : page.entries()) {
        told.add(entry.<Object>match(LogEntry.Stored::task, LogEntry.Deleted::id));
      }
      told.add(page.more());
      return told;
    }
  }
}
