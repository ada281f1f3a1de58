package dev.taskport.adapter.rest.task;

import dev.taskport.domain.Task;
import dev.taskport.domain.UserId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where things are, as paths of a URI (RFC 3986). */
public final class TaskPaths {
  private TaskPaths() {}

  /** Of a user's tasks. */
  public static String list(UserId user) {
    return "/api/" + escape(user.value()) + "/tasks";
  }

  /** Of a task. */
  static String of(Task task) {
    return list(task.userId()) + '/' + task.id();
  }

  /** Escapes all but ASCII letters, digits and {@code - . _ *}, which mean nothing anywhere. */
  public static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
