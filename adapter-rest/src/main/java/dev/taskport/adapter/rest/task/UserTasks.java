package dev.taskport.adapter.rest.task;

import dev.taskport.domain.Task;
import dev.taskport.domain.UserId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The tasks that a request is about, as it names them: those of the user in the path, or, under
 * {@code /api/tasks}, those of the token's user.
 *
 * @param user whose they are
 * @param path where they are, in the style that the request came in (RFC 3986)
 */
public record UserTasks(UserId user, String path) {
  /** Of all tasks; without the user it is the token's user who is meant. */
  public static final String ROUTE = "/api{/user_id:[^/]+}/tasks";

  /** Of a task, behind that: {@code /api/tasks/tasks} are the tasks of a user named so. */
  static final String TASK = "/{task_id:(?!tasks$|tasks/)[^/]+}";

  /** Those of the user in the path. */
  public static UserTasks named(UserId user) {
    return new UserTasks(user, "/api/" + escape(user.value()) + "/tasks");
  }

  /** Those of the token's user. */
  public static UserTasks own(UserId user) {
    return new UserTasks(user, "/api/tasks");
  }

  /** Where a task is. */
  String pathOf(Task task) {
    return path + '/' + task.id();
  }

  /** Escapes all but ASCII letters, digits and {@code - . _ *}, which mean nothing anywhere. */
  public static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
