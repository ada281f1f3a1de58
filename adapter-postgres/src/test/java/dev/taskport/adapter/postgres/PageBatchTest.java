package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.PageBatch.Page;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogMark;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pages that share a statement are those that statements of their own return. */
class PageBatchTest {
  private static final int LIMIT = 4;

  private static final UserId MANY = someUser();
  private static final UserId FEW = someUser();
  private static final UserId NOBODY = someUser();

  private static PostgresStore store;

  @BeforeAll
  static void fill() {
    store = PostgresStore.on(StoreDatabase.create());
    for (int i = 0; i < 20; i++) {
      Task task =
          aTask()
              .of(i % 5 == 0 ? FEW : MANY)
              .called((char) ('a' + i % 7) + " task")
              .createdAt(CREATED.plusSeconds(i % 6))
              .edited(i % 3 == 0 ? TaskChange.Edit.NOTHING : due(i % 4))
              .storedIn(store.repository());
      if (i % 2 == 0) {
        TaskChange toggle = new TaskChange.ToggleCompleted();
        store
            .repository()
            .change(task.userId(), task.id(), toggle, Precondition.NONE, CREATED.plusSeconds(50));
      }
    }
  }

  private static TaskChange.Edit due(int days) {
    return TaskChange.Edit.NOTHING.withDueDate(DueDate.parse("2026-12-0" + (days + 1)));
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  @Test
  void eachKindOfListHasTheSamePagesTogetherAndAlone() {
    Statements statements = store.context().getBean(Statements.class);
    int kinds = 0;
    int tasks = 0;
    for (Boolean completed : new Boolean[] {null, true, false}) {
      TaskFilter filter = new TaskFilter(completed, null, null, null, null, null);
      for (TaskOrder.Key key : TaskOrder.Key.values()) {
        for (TaskOrder.Direction direction : TaskOrder.Direction.values()) {
          TaskQuery first =
              new TaskQuery(filter, new TaskOrder(key, direction), PageStart.FIRST, LIMIT);
          if (ListStatement.page(MANY, first).isLong()) {
            continue;
          }
          for (List<Page> pages : List.of(pages(first), nextPages(first))) {
            var alone = pages.stream().map(page -> PageBatch.alone(statements, page)).toList();
            var together =
                new PageBatch(statements, pages.get(0).statement()).together(pages, () -> {});

            assertEquals(alone, together, first.toString());
            kinds++;
            tasks += alone.stream().mapToInt(page -> page.tasks().size()).sum();
            if (pages.size() == 3) {
              assertEquals(LogMark.NONE, alone.get(1).mark());
            }
          }
        }
      }
    }
    assertEquals(3 * 8 * 2, kinds);
    assertEquals(store.changeLog().mark(MANY), mark(statements));
    assertTrue(tasks > 300, tasks + " tasks");
  }

  private static LogMark mark(Statements statements) {
    return PageBatch.alone(statements, page(MANY, TaskQuery.newest(LIMIT))).mark();
  }

  private static List<Page> pages(TaskQuery query) {
    return List.of(page(MANY, query), page(NOBODY, query), page(FEW, query));
  }

  /** Those that begin behind the first and the second task of the user. */
  private static List<Page> nextPages(TaskQuery first) {
    List<Page> pages = new ArrayList<>();
    List<Task> tasks = store.repository().list(MANY, first);
    for (Task task : tasks.subList(0, 2)) {
      PageStart behind = new PageStart.After(first.order().positionOf(task));
      pages.add(page(MANY, first.from(behind)));
    }
    return pages;
  }

  private static Page page(UserId user, TaskQuery query) {
    return new Page(user, ListStatement.page(user, query).marked(user));
  }
}
