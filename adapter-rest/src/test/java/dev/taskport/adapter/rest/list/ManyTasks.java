package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.SampleTasks;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;

/** A store that holds so many tasks of every user, each of a kilobyte, in no memory at all. */
class ManyTasks extends WatchedStore {
  private static final String DESCRIPTION = "x".repeat(900);

  private final long tasks;

  ManyTasks(long tasks) {
    this.tasks = tasks;
  }

  /** Newest first: the id is how many tasks are older, and so is the time in microseconds. */
  @Override
  public List<Task> list(UserId user, TaskQuery query) {
    pages.incrementAndGet();
    long next =
        query
            .start()
            .match(
                offset -> tasks - 1 - offset.tasks(),
                after -> after.position().id().value().getLeastSignificantBits() - 1);
    return LongStream.iterate(next, older -> older >= 0, older -> older - 1)
        .limit(query.limit())
        .mapToObj(older -> task(user, older))
        .toList();
  }

  private static Task task(UserId user, long older) {
    return SampleTasks.aTask()
        .of(user)
        .under(new TaskId(new UUID(0, older)))
        .called("Task " + older)
        .described(DESCRIPTION)
        .createdAt(TestService.NOW.plus(older, ChronoUnit.MICROS))
        .build();
  }
}
