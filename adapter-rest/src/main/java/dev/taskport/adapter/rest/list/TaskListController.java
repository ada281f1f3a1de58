package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.http.BytesInFlight;
import dev.taskport.adapter.rest.http.ConditionalHeaders;
import dev.taskport.adapter.rest.http.Preferences;
import dev.taskport.adapter.rest.http.RequestIntake;
import dev.taskport.adapter.rest.query.QueryInput;
import dev.taskport.adapter.rest.task.TaskJson;
import dev.taskport.adapter.rest.task.UserTasks;
import dev.taskport.application.CountTasks;
import dev.taskport.application.FindMark;
import dev.taskport.application.ListTasks;
import dev.taskport.application.SummarizeTasks;
import dev.taskport.application.TaskPage;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Task;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes of a user's list of tasks and its summary. */
@Controller(UserTasks.ROUTE)
@ExecuteOn(TaskExecutors.BLOCKING)
final class TaskListController {
  private final ListTasks listTasks;
  private final CountTasks countTasks;
  private final SummarizeTasks summarizeTasks;
  private final FindMark findMark;

  /** Of a long task, its JSON and what it is made from together. */
  private static final long BYTES_PER_TASK = 4 * 1024;

  private final BytesInFlight inFlight;

  /** How many tasks are read at a time for a list without a limit. */
  private final int pageSize;

  TaskListController(
      ListTasks listTasks,
      CountTasks countTasks,
      SummarizeTasks summarizeTasks,
      FindMark findMark,
      BytesInFlight inFlight,
      @Value("${taskport.lists.page-size:200}") int pageSize) {
    this.listTasks = listTasks;
    this.countTasks = countTasks;
    this.summarizeTasks = summarizeTasks;
    this.findMark = findMark;
    this.inFlight = inFlight;
    this.pageSize = pageSize;
  }

  @Get
  HttpResponse<TaskArray> list(UserTasks tasks, HttpRequest<?> request) {
    UserId user = tasks.user();
    ListParameters list = ListInput.of(user, new QueryInput(request));
    boolean counted = Preferences.wantCount(request.getHeaders());
    ListTag tag = list.tag(user, counted);
    String fresh = freshTag(user, tag, request);
    if (fresh != null) {
      return HttpResponse.<TaskArray>notModified()
          .header(HttpHeaders.ETAG, fresh)
          .header(HttpHeaders.VARY, Preferences.HEADER);
    }
    TaskQuery query = list.query(pageSize);
    MutableHttpResponse<TaskArray> response =
        HttpResponse.<TaskArray>ok().header(HttpHeaders.VARY, Preferences.HEADER);
    response.body(
        inFlight.within(
            query.limit() * BYTES_PER_TASK,
            () -> body(tasks, list, query, tag, request, response)));
    if (counted) {
      // After the page: what is counted must not be older than the tag.
      response
          .header("X-Total-Count", String.valueOf(countTasks.count(user, list.filter())))
          .header(Preferences.APPLIED, Preferences.COUNT);
    }
    return response;
  }

  private TaskArray body(
      UserTasks tasks,
      ListParameters list,
      TaskQuery query,
      ListTag tag,
      HttpRequest<?> request,
      MutableHttpResponse<?> response) {
    TaskPage page = listTasks.list(tasks.user(), query);
    response.header(HttpHeaders.ETAG, tag.at(page.mark()));
    if (list.limit() != null) {
      response.header(HttpHeaders.LINK, new PageLinks(tasks, list).header(page.end()));
      return new TaskArray(TaskJson.array(page.tasks()));
    }
    if (page.end() == null) {
      return new TaskArray(TaskJson.array(page.tasks()));
    }
    TaskArray.Reader reader = reader(tasks.user(), query);
    return RequestIntake.isHead(request)
        ? TaskArray.withoutRest(page, reader)
        : new TaskArray(page, reader);
  }

  private TaskArray.Reader reader(UserId user, TaskQuery query) {
    return new TaskArray.Reader() {
      @Override
      public TaskPage read(PageStart start, int limit) {
        return listTasks.list(user, query.from(start).withLimit(limit));
      }

      @Override
      public Position positionOf(Task task) {
        return query.order().positionOf(task);
      }
    };
  }

  @Get("/summary")
  HttpResponse<SummaryJson> summary(UserTasks tasks, HttpRequest<?> request) {
    UserId user = tasks.user();
    ListTag tag = new ListTag(List.of("summary", user.value()));
    // Before the tasks are counted, so that the numbers are not older than the tag.
    String current = tag.at(findMark.find(user));
    if (new ConditionalHeaders(request.getHeaders()).isFresh(current)) {
      return HttpResponse.<SummaryJson>notModified().header(HttpHeaders.ETAG, current);
    }
    return HttpResponse.ok(SummaryJson.of(summarizeTasks.summarize(user)))
        .header(HttpHeaders.ETAG, current);
  }

  /** The current tag if the client has it already; no task is read for that. */
  private @Nullable String freshTag(UserId user, ListTag tag, HttpRequest<?> request) {
    ConditionalHeaders conditions = new ConditionalHeaders(request.getHeaders());
    if (!conditions.hasIfNoneMatch()) {
      return null;
    }
    String current = tag.at(findMark.find(user));
    return conditions.isFresh(current) ? current : null;
  }
}
