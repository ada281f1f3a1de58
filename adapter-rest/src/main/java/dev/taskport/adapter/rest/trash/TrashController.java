package dev.taskport.adapter.rest.trash;

import dev.taskport.adapter.rest.http.ConditionalHeaders;
import dev.taskport.adapter.rest.http.EntityTag;
import dev.taskport.adapter.rest.json.JsonBytes;
import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.TaskNotFoundException;
import dev.taskport.adapter.rest.problem.Violation;
import dev.taskport.adapter.rest.query.QueryInput;
import dev.taskport.adapter.rest.task.TaskJson;
import dev.taskport.adapter.rest.task.UserTasks;
import dev.taskport.application.ListDeletedTasks;
import dev.taskport.application.RestoreTask;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.TaskTrash;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;

/** The routes of a user's deleted tasks. */
@Controller(UserTasks.ROUTE)
@ExecuteOn(TaskExecutors.BLOCKING)
final class TrashController {
  private final ListDeletedTasks listDeletedTasks;
  private final RestoreTask restoreTask;

  TrashController(ListDeletedTasks listDeletedTasks, RestoreTask restoreTask) {
    this.listDeletedTasks = listDeletedTasks;
    this.restoreTask = restoreTask;
  }

  @Get("/deleted")
  HttpResponse<JsonBytes> list(UserTasks tasks, HttpRequest<?> request) {
    QueryInput query = new QueryInput(request);
    Integer sentLimit = query.one(QueryInput.limit(), "limit");
    Long after = query.one((name, value) -> DeletedCursor.parse(value, tasks.user()), "after");
    query.rejectIfInvalid();
    int limit = sentLimit == null ? QueryInput.DEFAULT_LIMIT : sentLimit;
    // One more than requested, to know whether there is a next page.
    List<DeletedTask> found =
        listDeletedTasks.list(tasks.user(), after == null ? TaskTrash.NEWEST : after, limit + 1);
    List<DeletedTask> page = found.subList(0, Math.min(limit, found.size()));
    String first = tasks.path() + "/deleted?limit=" + limit;
    String links = "<" + first + ">; rel=\"first\"";
    if (found.size() > limit) {
      String end = DeletedCursor.of(page.get(limit - 1).number(), tasks.user());
      links += ", <" + first + "&after=" + end + ">; rel=\"next\"";
    }
    return HttpResponse.ok(DeletedTaskJson.array(page)).header(HttpHeaders.LINK, links);
  }

  /** A body is not read. */
  @Post(UserTasks.TASK + "/restore")
  @Consumes(MediaType.ALL)
  HttpResponse<JsonBytes> restore(
      UserTasks tasks, @PathVariable("task_id") TaskId id, HttpHeaders headers) {
    if (new ConditionalHeaders(headers).isConditional()) {
      // A condition must not be ignored: the client relies on it.
      throw new InvalidInputException(
          List.of(
              Violation.of(
                  HttpHeaders.IF_MATCH,
                  "A restoration takes no condition, because nobody can change a deleted task;"
                      + " send it without If-Match and If-None-Match")));
    }
    Task task = restoreTask.restore(tasks.user(), id).orElseThrow(TaskNotFoundException::new);
    return HttpResponse.ok(TaskJson.of(task))
        .header(HttpHeaders.ETAG, EntityTag.of(task.revision()));
  }
}
