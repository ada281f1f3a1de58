package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.http.BytesInFlight;
import dev.taskport.adapter.rest.http.ConditionalHeaders;
import dev.taskport.adapter.rest.http.LaterAnswers;
import dev.taskport.adapter.rest.http.Preferences;
import dev.taskport.adapter.rest.http.RequestIntake;
import dev.taskport.adapter.rest.query.QueryInput;
import dev.taskport.adapter.rest.task.TaskJson;
import dev.taskport.adapter.rest.task.UserTasks;
import dev.taskport.application.CountTasks;
import dev.taskport.application.FindMark;
import dev.taskport.application.GetTaskPage;
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
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The routes of a user's list of tasks and its summary. */
@Controller(UserTasks.ROUTE)
final class TaskListController {
  private final ListTasks listTasks;
  private final CountTasks countTasks;
  private final SummarizeTasks summarizeTasks;
  private final FindMark findMark;

  /** Of a long task, its JSON and what it is made from together. */
  private static final long BYTES_PER_TASK = 4 * 1024;

  /** In tasks: what is made of them keeps no other request waiting long. */
  private static final int LARGEST_SHORT_PAGE = 100;

  private final GetTaskPage getTaskPage;
  private final LaterAnswers later;
  private final BytesInFlight inFlight;

  /** How many tasks are read at a time for a list without a limit. */
  private final int pageSize;

  TaskListController(
      ListTasks listTasks,
      CountTasks countTasks,
      SummarizeTasks summarizeTasks,
      FindMark findMark,
      GetTaskPage getTaskPage,
      LaterAnswers later,
      BytesInFlight inFlight,
      @Value("${taskport.lists.page-size:200}") int pageSize) {
    this.listTasks = listTasks;
    this.countTasks = countTasks;
    this.summarizeTasks = summarizeTasks;
    this.findMark = findMark;
    this.getTaskPage = getTaskPage;
    this.later = later;
    this.inFlight = inFlight;
    this.pageSize = pageSize;
  }

  @Get
  CompletionStage<HttpResponse<TaskArray>> list(UserTasks tasks, HttpRequest<?> request) {
    ListParameters list = ListInput.of(tasks.user(), new QueryInput(request));
    TaskQuery query = list.query(pageSize);
    long bytes = query.limit() * BYTES_PER_TASK;
    if (list.limit() == null
        || list.limit() > LARGEST_SHORT_PAGE
        || Preferences.wantCount(request.getHeaders())
        || new ConditionalHeaders(request.getHeaders()).hasIfNoneMatch()
        || !inFlight.tryAdd(bytes)) {
      return later.onThread(() -> onThread(tasks, list, query, request));
    }
    return later
        .<TaskPage, HttpResponse<TaskArray>>answer(
            request,
            () -> getTaskPage.get(tasks.user(), query),
            page -> answer(page, tasks, list, query, request))
        .whenComplete((answer, failure) -> inFlight.remove(bytes));
  }

  private HttpResponse<TaskArray> onThread(
      UserTasks tasks, ListParameters list, TaskQuery query, HttpRequest<?> request) {
    UserId user = tasks.user();
    boolean counted = Preferences.wantCount(request.getHeaders());
    String fresh = freshTag(user, list.tag(user, counted), request);
    if (fresh != null) {
      return HttpResponse.<TaskArray>notModified()
          .header(HttpHeaders.ETAG, fresh)
          .header(HttpHeaders.VARY, Preferences.HEADER);
    }
    MutableHttpResponse<TaskArray> response =
        inFlight.within(
            query.limit() * BYTES_PER_TASK,
            () -> answer(listTasks.list(user, query), tasks, list, query, request));
    if (counted) {
      // After the page: what is counted must not be older than the tag.
      response
          .header("X-Total-Count", String.valueOf(countTasks.count(user, list.filter())))
          .header(Preferences.APPLIED, Preferences.COUNT);
    }
    return response;
  }

  private MutableHttpResponse<TaskArray> answer(
      TaskPage page,
      UserTasks tasks,
      ListParameters list,
      TaskQuery query,
      HttpRequest<?> request) {
    ListTag tag = list.tag(tasks.user(), Preferences.wantCount(request.getHeaders()));
    MutableHttpResponse<TaskArray> response =
        HttpResponse.<TaskArray>ok()
            .header(HttpHeaders.VARY, Preferences.HEADER)
            .header(HttpHeaders.ETAG, tag.at(page.mark()));
    if (list.limit() != null) {
      response.header(HttpHeaders.LINK, new PageLinks(tasks, list).header(page.end()));
    }
    return response.body(body(page, tasks.user(), list, query, request));
  }

  private TaskArray body(
      TaskPage page, UserId user, ListParameters list, TaskQuery query, HttpRequest<?> request) {
    if (list.limit() != null || page.end() == null) {
      return new TaskArray(TaskJson.array(page.tasks()));
    }
    TaskArray.Reader reader = reader(user, query);
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
  @ExecuteOn(TaskExecutors.BLOCKING)
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
