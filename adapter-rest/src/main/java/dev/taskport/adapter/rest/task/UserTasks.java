package dev.taskport.adapter.rest.task;

import dev.taskport.domain.Task;
import dev.taskport.domain.UserId;
import io.micronaut.http.HttpRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The tasks that a request is about: those of the user in the path or, under {@code /api/tasks},
 * those of the token's user.
 *
 * @param user the owner of the tasks
 * @param prefix what clients see before the service's own paths; may be empty
 * @param inPath whether the request's path names the user
 */
public record UserTasks(UserId user, String prefix, boolean inPath) {
  /**
   * The route of the list; without a user in the path, the token's user is meant. The router tries
   * the patterns of all routes for each request: they are possessive, so that none tries shorter
   * segments, which can't match either.
   */
  public static final String ROUTE = "/api{/user_id:[^/]++}/tasks";

  /**
   * The rest of a task's route. It doesn't match {@code tasks}: {@code /api/tasks/tasks} is the
   * list of the user named {@code tasks}. Nor does it match the other lists, so that a method which
   * they don't take is a 405.
   */
  public static final String TASK =
      "/{task_id:(?!tasks$|tasks/|summary$|summary/$|changes$|changes/$|events$|events/$"
          + "|deleted$|deleted/$)[^/]++}";

  /**
   * Whether the first segment of a request's path is {@code api}, whatever the number of slashes
   * before it. Filters ask this instead of having a pattern: if any filter has one, the router
   * finds and sorts them all for each request.
   */
  public static boolean isApi(HttpRequest<?> request) {
    String path = request.getPath();
    int start = 0;
    while (path.startsWith("/", start)) {
      start++;
    }
    int end = start + "api".length();
    return start > 0
        && path.startsWith("api", start)
        && (path.length() == end || path.charAt(end) == '/');
  }

  /**
   * The tasks of the user in the path.
   *
   * @param prefix what clients see before the service's own paths; may be empty
   */
  public static UserTasks named(UserId user, String prefix) {
    return new UserTasks(user, prefix, true);
  }

  /**
   * The tasks of the token's user.
   *
   * @param prefix what clients see before the service's own paths; may be empty
   */
  public static UserTasks own(UserId user, String prefix) {
    return new UserTasks(user, prefix, false);
  }

  /** The path of the list as clients see it, in the style that the request used (RFC 3986). */
  public String path() {
    return inPath ? prefix + "/api/" + escape(user.value()) + "/tasks" : prefix + "/api/tasks";
  }

  /** The path of a task. */
  String pathOf(Task task) {
    return path() + '/' + task.id();
  }

  /**
   * Escapes all characters except ASCII letters, digits and {@code - . _ *}, which have no special
   * meaning in a URI.
   */
  public static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
