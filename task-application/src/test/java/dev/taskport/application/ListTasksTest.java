package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.taskport.domain.PageStart;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListTasksTest {
  private final InMemoryTaskRepository tasks = new InMemoryTaskRepository();
  private final ListTasks listTasks = new ListTasks(tasks);
  private final UserId user = someUser();

  @Test
  void aUserSeesTheirOwnTasksOnly() {
    Task older = aTask().of(user).storedIn(tasks);
    Task newer = aTask().of(user).createdAfter(Duration.ofSeconds(1)).storedIn(tasks);
    aTask().storedIn(tasks);

    assertEquals(List.of(newer, older), listTasks.list(user, TaskQuery.newest(10)).tasks());
  }

  @Test
  void thePagesOfAListMakeUpTheList() {
    for (int i = 0; i < 7; i++) {
      aTask().of(user).createdAfter(Duration.ofSeconds(i)).storedIn(tasks);
    }
    List<Task> walked = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();

    TaskQuery query = TaskQuery.newest(3);
    TaskPage page = listTasks.list(user, query);
    while (page.end() != null) {
      walked.addAll(page.tasks());
      sizes.add(page.tasks().size());
      page = listTasks.list(user, query.from(new PageStart.After(page.end())));
    }
    walked.addAll(page.tasks());
    sizes.add(page.tasks().size());

    assertEquals(List.of(3, 3, 1), sizes);
    assertEquals(tasks.list(user, TaskQuery.newest(100)), walked);
  }

  @Test
  void aPageThatIsJustFullButTheLastLeadsNowhere() {
    aTask().of(user).storedIn(tasks);
    aTask().of(user).storedIn(tasks);

    TaskPage page = listTasks.list(user, TaskQuery.newest(2));

    assertEquals(2, page.tasks().size());
    assertNull(page.end());
  }

  @Test
  void thePageWithoutALimitHoldsTheWholeList() {
    Task task = aTask().of(user).storedIn(tasks);

    assertEquals(
        new TaskPage(List.of(task), null, tasks.mark(user)),
        listTasks.list(user, TaskQuery.newest(Integer.MAX_VALUE)));
  }

  @Test
  void aUserWithoutTasksSeesAnEmptyList() {
    assertEquals(
        new TaskPage(List.of(), null, LogMark.NONE), listTasks.list(user, TaskQuery.newest(10)));
  }
}
