package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.aCompletedTask;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Search;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.InMemoryTaskRepository;
import dev.taskport.testkit.SampleTasks;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CountTasksTest {
  private final TaskRepository tasks = new InMemoryTaskRepository();
  private final UserId user = someUser();

  @BeforeEach
  void twoPendingTasksOneCompletedAndSomebodyElses() {
    for (SampleTasks sample :
        List.of(
            aTask().of(user).called("Buy bread"),
            aTask().of(user),
            aCompletedTask().of(user),
            aTask())) {
      sample.storedIn(tasks);
    }
  }

  @Test
  void whatTheFilterLetsThroughIsCounted() {
    CountTasks countTasks = new CountTasks(tasks);
    TaskFilter bread = new TaskFilter(null, Search.parse("bread"), null, null, null, null);

    assertEquals(3, countTasks.count(user, TaskFilter.ALL));
    assertEquals(1, countTasks.count(user, bread));
  }

  @Test
  void aSummaryTellsBothKindsApart() {
    TaskSummary summary = new SummarizeTasks(tasks).summarize(user);

    assertEquals(new TaskSummary(1, 2), summary);
    assertEquals(3, summary.total());
  }
}
