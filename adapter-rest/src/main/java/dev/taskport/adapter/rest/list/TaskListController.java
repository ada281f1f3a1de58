package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.http.Preferences;
import dev.taskport.adapter.rest.http.RequestIntake;
import dev.taskport.adapter.rest.query.QueryInput;
import dev.taskport.adapter.rest.task.UserTasks;
import dev.taskport.application.CountTasks;
import dev.taskport.application.ListTasks;
import dev.taskport.application.SummarizeTasks;
import dev.taskport.application.TaskPage;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** The routes of a user's list of tasks and its summary. */
@Controller(UserTasks.ROUTE)
@ExecuteOn(TaskExecutors.BLOCKING)
final class TaskListController {
  private final ListTasks listTasks;
  private final CountTasks countTasks;
  private final SummarizeTasks summarizeTasks;

  /** How many tasks are read at a time for a list without a limit. */
  private final int pageSize;

  TaskListController(
      ListTasks listTasks,
      CountTasks countTasks,
      SummarizeTasks summarizeTasks,
      @Value("${taskport.lists.page-size:200}") int pageSize) {
    this.listTasks = listTasks;
    this.countTasks = countTasks;
    this.summarizeTasks = summarizeTasks;
    this.pageSize = pageSize;
  }

  @Get
  HttpResponse<TaskArray> list(UserTasks tasks, HttpRequest<?> request) {
    UserId user = tasks.user();
    ListParameters list = ListInput.of(user, new QueryInput(request));
    MutableHttpResponse<TaskArray> response =
        HttpResponse.<TaskArray>ok().header(HttpHeaders.VARY, Preferences.HEADER);
    if (Preferences.wantCount(request.getHeaders())) {
      response
          .header("X-Total-Count", String.valueOf(countTasks.count(user, list.filter())))
          .header(Preferences.APPLIED, Preferences.COUNT);
    }
    TaskQuery query = list.query(pageSize);
    TaskPage page = listTasks.list(user, query);
    if (list.limit() != null) {
      response.header(HttpHeaders.LINK, new PageLinks(tasks, list).header(page.end()));
      return response.body(TaskArray.of(page.tasks()));
    }
    TaskArray all = new TaskArray(page, start -> listTasks.list(user, query.from(start)));
    return response.body(RequestIntake.isHead(request) ? all.withoutRest() : all);
  }

  @Get("/summary")
  SummaryJson summary(UserTasks tasks) {
    return SummaryJson.of(summarizeTasks.summarize(tasks.user()));
  }
}
