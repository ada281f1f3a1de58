package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.database.Statements.ArrayOf;
import dev.taskport.adapter.postgres.pipeline.WireRow;
import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogMark;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A row of the table tasks. */
final class TaskRow {
  /** Times before and after all times that a row can hold, but within PostgreSQL's range. */
  private static final Instant TOO_EARLY = Instant.parse("0000-12-31T23:59:59.999999Z");

  private static final Instant TOO_LATE = Instant.parse("+10000-01-01T00:00:00Z");

  /** The columns that {@link #read} reads. */
  static final String COLUMNS =
      "id, title, description, completed, created_at, updated_at, version,"
          + " priority, tags, due_date, due_all_day";

  private static final List<String> NAMES = List.of(COLUMNS.split(", "));

  static final int NUMBER_OF_COLUMNS = NAMES.size();

  /** A row among tasks that says how far their user's log has come: from change_logs. */
  static final String MARK =
      NAMES.stream()
          .map(
              column ->
                  switch (column) {
                    case "created_at" -> "started_at";
                    case "version" -> "number";
                    default -> "NULL";
                  })
          .collect(Collectors.joining(", "));

  /** The columns of a deleted task, beside the table deleted_tasks. */
  static final String DELETED_CONTENT =
      """
      jsonb_to_record(content) AS deleted (title text, description text, completed boolean,
        created_at timestamptz, updated_at timestamptz, version bigint,
        priority text, tags text, due_date timestamptz, due_all_day boolean)
      """;

  /** Stores the result of {@link #values} unchanged. */
  static final String INSERT = "INSERT INTO tasks (user_id, " + COLUMNS + ")\n";

  /** A parameter for each of {@link #values}. */
  static final String VALUES = "?" + ", ?".repeat(NUMBER_OF_COLUMNS);

  /** {@link #values(Task)} of several tasks. */
  static final Columns OF_TASKS =
      Columns.of(
          "user_id text, id uuid, title text, description text, completed boolean,"
              + " created_at timestamptz, updated_at timestamptz, version bigint,"
              + " priority text, tags text, due_date timestamptz, due_all_day boolean");

  /** {@link #values(TaskChange.Edit)} of several edits. */
  static final Columns OF_EDITS =
      Columns.of(
          "new_title text, has_description boolean, new_description text, new_priority text,"
              + " new_tags text, has_due_date boolean, new_due_date timestamptz,"
              + " has_due_all_day boolean, new_due_all_day boolean, new_completed boolean");

  private static final String EDIT =
      """
      title = coalesce(%s, tasks.title),
      description = CASE WHEN %s THEN %s ELSE tasks.description END,
      priority = coalesce(%s, tasks.priority),
      tags = coalesce(%s, tasks.tags),
      due_date = CASE WHEN %s THEN %s ELSE tasks.due_date END,
      due_all_day = CASE WHEN %s THEN %s ELSE tasks.due_all_day END,
      completed = coalesce(%s, tasks.completed)
      """;

  /** The SET clause of an edit; its parameters are {@link #values(TaskChange.Edit)}. */
  static final String EDITED =
      EDIT.formatted(Collections.nCopies(OF_EDITS.names().size(), "?").toArray());

  /** The SET clause of several edits, with {@link #OF_EDITS}. */
  static final String EDITED_TOGETHER = EDIT.formatted(OF_EDITS.names().toArray());

  /** Follows a time of creation and a version; its parameters are {@link #values(Set)}. */
  static final String IN_REVISIONS = " IN (SELECT * FROM unnest(?::timestamptz[], ?::bigint[]))";

  private TaskRow() {}

  /** Whether it is the name of one of {@link #COLUMNS}. */
  static boolean hasColumn(String name) {
    return NAMES.contains(name);
  }

  /** {@link #COLUMNS} of the table or subquery that has this name in the statement. */
  static String columnsOf(String name) {
    return NAMES.stream().map(column -> name + "." + column).collect(Collectors.joining(", "));
  }

  static List<@Nullable Object> values(Task task) {
    return task.content()
        .read(
            (title, description, priority, tags, dueDate) ->
                Arrays.asList(
                    task.userId().value(),
                    task.id().value(),
                    title.value(),
                    description == null ? null : description.value(),
                    task.completed(),
                    time(task.createdAt()),
                    time(task.updatedAt()),
                    task.version(),
                    priority.value(),
                    tags.joined(),
                    dueDate == null ? null : time(dueDate.instant()),
                    dueDate != null && dueDate.isDate()));
  }

  static List<@Nullable Object> values(TaskChange.Edit edit) {
    Title title = edit.title();
    Description description = edit.description();
    Priority priority = edit.priority();
    Tags tags = edit.tags();
    DueDate dueDate = edit.dueDate();
    return Arrays.asList(
        title == null ? null : title.value(),
        edit.changesDescription(),
        description == null ? null : description.value(),
        priority == null ? null : priority.value(),
        tags == null ? null : tags.joined(),
        edit.changesDueDate(),
        dueDate == null ? null : time(dueDate.instant()),
        edit.changesDueDate(),
        dueDate != null && dueDate.isDate(),
        edit.completed());
  }

  static List<ArrayOf> values(Set<Revision> revisions) {
    List<Revision> possible = revisions.stream().filter(TaskRow::canHold).toList();
    return List.of(
        new ArrayOf("timestamptz", possible.stream().map(r -> time(r.createdAt())).toList()),
        new ArrayOf("bigint", possible.stream().map(Revision::version).toList()));
  }

  static Task read(UserId user, ResultSet row) throws SQLException {
    OffsetDateTime dueDate = row.getObject(10, OffsetDateTime.class);
    return task(
        row.getObject(1, UUID.class),
        user,
        row.getString(2),
        row.getString(3),
        row.getBoolean(4),
        time(row, 5),
        time(row, 6),
        row.getLong(7),
        row.getString(8),
        row.getString(9),
        dueDate == null ? null : dueDate.toInstant(),
        row.getBoolean(11));
  }

  static Task read(UserId user, WireRow row) {
    return task(
        row.uuid(1),
        user,
        row.text(2),
        row.textOrNull(3),
        row.bool(4),
        row.time(5),
        row.time(6),
        row.number(7),
        row.text(8),
        row.text(9),
        row.isNull(10) ? null : row.time(10),
        row.bool(11));
  }

  private static Task task(
      UUID id,
      UserId user,
      String title,
      @Nullable String description,
      boolean completed,
      Instant createdAt,
      Instant updatedAt,
      long version,
      String priority,
      String tags,
      @Nullable Instant dueDate,
      boolean dueAllDay) {
    return Task.stored(
        new TaskId(id),
        user,
        new TaskContent(
            Title.stored(title),
            description == null ? null : Description.stored(description),
            Priority.stored(priority),
            Tags.stored(tags),
            dueDate == null ? null : DueDate.stored(dueDate, dueAllDay)),
        completed,
        createdAt,
        updatedAt,
        version);
  }

  /** Whether the row is a {@link #MARK}, not a task. */
  static boolean isMark(ResultSet row) throws SQLException {
    return row.getString(2) == null; // each task has a title
  }

  static boolean isMark(WireRow row) {
    return row.isNull(2);
  }

  static LogMark mark(WireRow row) {
    return new LogMark(row.time(5), row.number(7));
  }

  static LogMark mark(ResultSet row) throws SQLException {
    return new LogMark(time(row, 5), row.getLong(7));
  }

  /** Whether a row can have this revision. The driver would change the time of any other. */
  static boolean canHold(Revision revision) {
    Instant createdAt = revision.createdAt();
    return createdAt.isAfter(TOO_EARLY)
        && createdAt.isBefore(TOO_LATE)
        && createdAt.truncatedTo(ChronoUnit.MICROS).equals(createdAt);
  }

  static Instant time(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /**
   * A time in the driver's type, cut to microseconds, because the driver would round it. A time
   * outside the range of rows becomes a fixed time outside that range.
   */
  static OffsetDateTime time(Instant instant) {
    Instant known =
        instant.isBefore(TOO_EARLY) ? TOO_EARLY : instant.isAfter(TOO_LATE) ? TOO_LATE : instant;
    return known.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }
}
