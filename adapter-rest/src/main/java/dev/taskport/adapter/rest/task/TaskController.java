package dev.taskport.adapter.rest.task;

import dev.taskport.adapter.rest.MediaTypes;
import dev.taskport.adapter.rest.http.ConditionalHeaders;
import dev.taskport.adapter.rest.http.EntityTag;
import dev.taskport.adapter.rest.http.IdempotencyKeyHeader;
import dev.taskport.adapter.rest.http.LaterAnswers;
import dev.taskport.adapter.rest.json.JsonBytes;
import dev.taskport.adapter.rest.json.JsonObject;
import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.PreconditionFailedException;
import dev.taskport.adapter.rest.problem.TaskNotFoundException;
import dev.taskport.adapter.rest.problem.Violation;
import dev.taskport.adapter.rest.query.QueryInput;
import dev.taskport.application.CompleteTask;
import dev.taskport.application.CreateTask;
import dev.taskport.application.DeleteTask;
import dev.taskport.application.DeleteTaskPermanently;
import dev.taskport.application.GetTask;
import dev.taskport.application.TaskDraft;
import dev.taskport.application.UpdateTask;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The routes that create, read, change and delete a single task. */
@Controller(UserTasks.ROUTE)
final class TaskController {
  private final CreateTask createTask;
  private final GetTask getTask;
  private final UpdateTask updateTask;
  private final CompleteTask completeTask;
  private final DeleteTask deleteTask;
  private final DeleteTaskPermanently deleteTaskPermanently;
  private final WritePolicy policy;
  private final LaterAnswers later;

  TaskController(
      CreateTask createTask,
      GetTask getTask,
      UpdateTask updateTask,
      CompleteTask completeTask,
      DeleteTask deleteTask,
      DeleteTaskPermanently deleteTaskPermanently,
      WritePolicy policy,
      LaterAnswers later) {
    this.createTask = createTask;
    this.getTask = getTask;
    this.updateTask = updateTask;
    this.completeTask = completeTask;
    this.deleteTask = deleteTask;
    this.deleteTaskPermanently = deleteTaskPermanently;
    this.policy = policy;
    this.later = later;
  }

  @Post
  @Consumes(MediaType.APPLICATION_JSON)
  CompletionStage<HttpResponse<JsonBytes>> create(
      UserTasks tasks, HttpRequest<?> request, @Body JsonObject body) {
    IdempotencyKey key = IdempotencyKeyHeader.of(request.getHeaders());
    return create(tasks, request, TaskInput.draft(null, body), key);
  }

  @Get(UserTasks.TASK)
  CompletionStage<HttpResponse<JsonBytes>> get(
      UserTasks tasks, @PathVariable("task_id") TaskId id, HttpRequest<?> request) {
    return later.answer(
        request,
        () -> getTask.get(tasks.user(), id),
        found -> current(found.orElseThrow(TaskNotFoundException::new), request.getHeaders()));
  }

  private static HttpResponse<JsonBytes> current(Task task, HttpHeaders headers) {
    String tag = EntityTag.of(task.revision());
    if (new ConditionalHeaders(headers).isFresh(tag)) {
      return HttpResponse.<JsonBytes>notModified().header(HttpHeaders.ETAG, tag);
    }
    return answer(HttpResponse.ok(), task);
  }

  @Put(UserTasks.TASK)
  @Consumes(MediaType.APPLICATION_JSON)
  CompletionStage<HttpResponse<JsonBytes>> put(
      UserTasks tasks,
      @PathVariable("task_id") TaskId id,
      HttpRequest<?> request,
      @Body JsonObject body) {
    if (new ConditionalHeaders(request.getHeaders()).demandAbsence()) {
      return create(tasks, request, TaskInput.draft(id, body), null);
    }
    return edit(tasks.user(), id, request, body);
  }

  @Patch(UserTasks.TASK)
  @Consumes({MediaTypes.MERGE_PATCH, MediaType.APPLICATION_JSON})
  CompletionStage<HttpResponse<JsonBytes>> patch(
      UserTasks tasks,
      @PathVariable("task_id") TaskId id,
      HttpRequest<?> request,
      @Body JsonObject body) {
    return edit(tasks.user(), id, request, body);
  }

  @Patch(UserTasks.TASK + "/complete")
  @Consumes({MediaType.APPLICATION_JSON, MediaTypes.MERGE_PATCH})
  CompletionStage<HttpResponse<JsonBytes>> complete(
      UserTasks tasks,
      @PathVariable("task_id") TaskId id,
      HttpRequest<?> request,
      @Body @Nullable JsonObject body) {
    ConditionalHeaders conditions = new ConditionalHeaders(request.getHeaders());
    Precondition precondition = policy.precondition(conditions);
    TaskChange.Completion completion = TaskInput.completion(body == null ? JsonObject.EMPTY : body);
    return later.answer(
        request,
        () -> completeTask.complete(tasks.user(), id, completion, precondition),
        result -> answer(HttpResponse.ok(), done(result, conditions)));
  }

  @Delete(UserTasks.TASK)
  CompletionStage<Message> delete(
      UserTasks tasks, @PathVariable("task_id") TaskId id, HttpRequest<?> request) {
    QueryInput query = new QueryInput(request);
    Boolean permanently = query.one(QueryInput.flag(), "permanently");
    query.rejectIfInvalid();
    ConditionalHeaders conditions = new ConditionalHeaders(request.getHeaders());
    Precondition precondition = policy.precondition(conditions);
    if (Boolean.TRUE.equals(permanently)) {
      return later.onThread(
          () -> deleted(deleteTaskPermanently.delete(tasks.user(), id, precondition), conditions));
    }
    return later.answer(
        request,
        () -> deleteTask.delete(tasks.user(), id, precondition),
        result -> deleted(result, conditions));
  }

  private CompletionStage<HttpResponse<JsonBytes>> create(
      UserTasks tasks, HttpRequest<?> request, TaskDraft draft, @Nullable IdempotencyKey key) {
    return later.answer(
        request,
        () -> createTask.create(tasks.user(), draft, key),
        result -> created(tasks, result));
  }

  private CompletionStage<HttpResponse<JsonBytes>> edit(
      UserId user, TaskId id, HttpRequest<?> request, JsonObject body) {
    ConditionalHeaders conditions = new ConditionalHeaders(request.getHeaders());
    Precondition precondition = policy.precondition(conditions);
    TaskChange.Edit edit = TaskInput.edit(body);
    return later.answer(
        request,
        () -> updateTask.update(user, id, edit, precondition),
        result -> answer(HttpResponse.ok(), done(result, conditions)));
  }

  private static Message deleted(WriteResult result, ConditionalHeaders conditions) {
    done(result, conditions);
    return new Message("Task deleted successfully");
  }

  private static HttpResponse<JsonBytes> created(UserTasks tasks, CreateResult result) {
    return result.match(
        created -> createdAnswer(tasks, created.task()),
        replayed -> createdAnswer(tasks, replayed.task()).header("Idempotency-Replayed", "true"),
        keyReused -> {
          throw new InvalidInputException(
              List.of(
                  Violation.of(
                      IdempotencyKeyHeader.NAME,
                      "This Idempotency-Key was used for another task;"
                          + " use a new one for each task")));
        },
        exists -> {
          throw new PreconditionFailedException(
              "A task with this id exists already", EntityTag.of(exists.current().revision()));
        });
  }

  private static MutableHttpResponse<JsonBytes> createdAnswer(UserTasks tasks, Task task) {
    return answer(HttpResponse.status(HttpStatus.CREATED), task)
        .headers(h -> h.location(URI.create(tasks.pathOf(task))));
  }

  private static MutableHttpResponse<JsonBytes> answer(
      MutableHttpResponse<JsonBytes> response, Task task) {
    return response.body(TaskJson.of(task)).header(HttpHeaders.ETAG, EntityTag.of(task.revision()));
  }

  private static Task done(WriteResult result, ConditionalHeaders conditions) {
    return result.match(
        WriteResult.Done::task,
        notFound -> {
          throw new TaskNotFoundException();
        },
        stale -> {
          throw new PreconditionFailedException(
              conditions.whyStale(), EntityTag.of(stale.current().revision()));
        });
  }
}
