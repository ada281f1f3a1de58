package dev.taskport.adapter.postgres;

import dev.taskport.domain.Description;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table tasks. Whatever a row holds can be read: times that RFC 3339 can't tell (of
 * other than four-digit years, and PostgreSQL's infinity) become the nearest that it can.
 */
final class TaskRow {
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  /** When a task was created, within the bounds of what is read. */
  static final String CREATED_AT = bounded("created_at");

  /** What {@link #read} reads. */
  static final String COLUMNS =
      String.join(
          ", ",
          "id",
          "title",
          "description",
          "completed",
          CREATED_AT,
          bounded("updated_at"),
          "version");

  /** Stores what {@link #values} gives, as it is. */
  static final String INSERT =
      "INSERT INTO tasks"
          + " (user_id, id, title, description, completed, created_at, updated_at, version)\n";

  private TaskRow() {}

  static List<@Nullable Object> values(UserId user, Task task) {
    Description description = task.description();
    return Arrays.asList(
        user.value(),
        task.id().value(),
        task.title().value(),
        description == null ? null : description.value(),
        task.completed(),
        time(task.createdAt()),
        time(task.updatedAt()),
        task.version());
  }

  static Task read(UserId user, ResultSet row) throws SQLException {
    String description = row.getString(3);
    return new Task(
        new TaskId(row.getObject(1, UUID.class)),
        user,
        new Title(row.getString(2)),
        description == null ? null : new Description(description),
        row.getBoolean(4),
        time(row, 5),
        time(row, 6),
        row.getLong(7));
  }

  /** Whether a task that was read can be in this state; any other need not be looked for. */
  static boolean canHold(Revision revision) {
    Instant createdAt = revision.createdAt();
    return !createdAt.isBefore(EARLIEST)
        && !createdAt.isAfter(LATEST)
        && createdAt.truncatedTo(ChronoUnit.MICROS).equals(createdAt);
  }

  static Instant time(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** The driver's form of a time. */
  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static String bounded(String column) {
    return "least(greatest(%s, timestamptz '%s'), timestamptz '%s')"
        .formatted(column, EARLIEST, LATEST);
  }
}
