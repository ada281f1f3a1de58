package dev.taskport.bench.spring;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The routes, one statement each. */
@RestController
class TaskController {
  private static final String COLUMNS =
      "id, user_id, title, description, completed, created_at, updated_at, priority, tags, due_date";
  private static final String GET =
      "SELECT " + COLUMNS + " FROM tasks WHERE user_id = ? AND id = ?";
  private static final String LIST =
      "SELECT "
          + COLUMNS
          + " FROM tasks WHERE user_id = ? ORDER BY created_at DESC, id DESC LIMIT ?";
  private static final String TOGGLE =
      "UPDATE tasks SET completed = NOT completed, updated_at = ? WHERE user_id = ? AND id = ? RETURNING "
          + COLUMNS;
  private static final String CREATE =
      "INSERT INTO tasks (user_id, id, title, description, completed, created_at, updated_at)"
          + " VALUES (?, ?, ?, ?, false, ?, ?) RETURNING "
          + COLUMNS;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

  private final JdbcTemplate database;

  TaskController(JdbcTemplate database) {
    this.database = database;
  }

  @GetMapping("/bare")
  Map<String, Boolean> bare() {
    return Map.of("bare", true);
  }

  @GetMapping("/api/{user}/tasks/{id}")
  Task get(@PathVariable String user, @PathVariable UUID id) {
    return one(database.query(GET, TaskController::task, user, id));
  }

  @GetMapping("/api/{user}/tasks")
  List<Task> list(@PathVariable String user, @RequestParam(defaultValue = "50") int limit) {
    return database.query(LIST, TaskController::task, user, limit);
  }

  @PatchMapping("/api/{user}/tasks/{id}/complete")
  Task toggle(@PathVariable String user, @PathVariable UUID id) {
    return one(database.query(TOGGLE, TaskController::task, now(), user, id));
  }

  @PostMapping("/api/{user}/tasks")
  @ResponseStatus(HttpStatus.CREATED)
  Task create(@PathVariable String user, @RequestBody NewTask task) {
    String title = task.title();
    if (title == null || title.isBlank() || title.length() > 200) {
      throw new ResponseStatusException(HttpStatus.UNPROCESSABLE_ENTITY);
    }
    OffsetDateTime now = now();
    return one(
        database.query(
            CREATE,
            TaskController::task,
            user,
            UUID.randomUUID(),
            title.strip(),
            task.description(),
            now,
            now));
  }

  private static Task one(List<Task> tasks) {
    if (tasks.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    return tasks.get(0);
  }

  private static OffsetDateTime now() {
    return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
  }

  private static Task task(ResultSet row, int number) throws SQLException {
    Array tags = row.getArray(9);
    OffsetDateTime due = row.getObject(10, OffsetDateTime.class);
    return new Task(
        row.getObject(1, UUID.class),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getBoolean(5),
        time(row.getObject(6, OffsetDateTime.class)),
        time(row.getObject(7, OffsetDateTime.class)),
        row.getString(8),
        List.of((String[]) tags.getArray()),
        due == null ? null : time(due));
  }

  private static String time(OffsetDateTime time) {
    return TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC));
  }
}
