package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Batches;
import dev.taskport.adapter.postgres.batch.Lane;
import dev.taskport.adapter.postgres.database.LongReads;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.database.Statements.ArrayOf;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskChangeLog;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The change log in PostgreSQL. The database writes it ({@code V1.8__change_log.sql}); this class
 * reads it, one statement for each call.
 */
@Singleton
final class PostgresTaskChangeLog implements TaskChangeLog, LogMarks {
  private static final String MARK = "SELECT started_at, number FROM change_logs WHERE user_id = ?";

  private static final String MARKS =
      "SELECT started_at, number, user_id FROM change_logs WHERE user_id = ANY (?::text[])";

  // Each branch is a stretch of an index up to the limit. For the limits see ListStatement.
  private static final String READ =
      """
      SELECT entry.*, log.started_at, log.number, forgotten.number
      FROM (VALUES (1)) AS one
      LEFT JOIN change_logs AS log ON log.user_id = ?
      LEFT JOIN forgotten_changes AS forgotten ON forgotten.user_id = ?
      LEFT JOIN LATERAL (
        SELECT * FROM (
          (SELECT %1$s, NULL::timestamptz AS deleted_at, change_number
           FROM tasks WHERE user_id = ? AND (change_number, id) > (?, ?)
           ORDER BY change_number, id LIMIT (SELECT ?::bigint))
          UNION ALL
          (SELECT id, %2$s, deleted_at, change_number
           FROM deleted_tasks WHERE user_id = ? AND change_number > ?
           ORDER BY change_number, id LIMIT (SELECT ?::bigint))
        ) AS changes ORDER BY change_number, id LIMIT (SELECT ?::bigint)
      ) AS entry ON true
      """
          .formatted(TaskRow.COLUMNS, "NULL" + ", NULL".repeat(TaskRow.NUMBER_OF_COLUMNS - 2));

  /** In tasks, with the one that tells whether there are more. */
  private static final int LARGEST_SHARED_PAGE = 101;

  private static final UUID BEHIND_ALL_IDS = new UUID(-1, -1);

  /** The first column behind those of {@link TaskRow#read}. */
  private static final int AFTER_TASK = TaskRow.NUMBER_OF_COLUMNS + 1;

  private final Statements statements;
  private final LongReads longReads;
  private final Batches batches;

  /** By the statement's text: one for each combination of state, order and kind of start. */
  private final Map<String, Lane<PageBatch.Page, MarkedTasks>> pages = new ConcurrentHashMap<>();

  PostgresTaskChangeLog(Statements statements, LongReads longReads, Batches batches) {
    this.statements = statements;
    this.longReads = longReads;
    this.batches = batches;
  }

  @Override
  public LogMark mark(UserId user) {
    List<LogMark> marks = statements.repeatable(MARK, List.of(user.value()), row -> mark(row, 1));
    return marks.isEmpty() ? LogMark.NONE : marks.get(0);
  }

  @Override
  public Map<UserId, LogMark> marks(Set<UserId> users) {
    Map<UserId, LogMark> marks = new HashMap<>();
    Map<String, UserId> byValue = new HashMap<>();
    for (UserId user : users) {
      marks.put(user, LogMark.NONE);
      byValue.put(user.value(), user);
    }
    ArrayOf values = new ArrayOf("text", List.copyOf(byValue.keySet()));
    statements.repeatable(
        MARKS,
        List.of(values),
        row -> marks.put(Objects.requireNonNull(byValue.get(row.getString(3))), mark(row, 1)));
    return marks;
  }

  @Override
  public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
    ListStatement reading = reading(user, since, limit + 1L);
    List<LogRow> rows =
        statements.repeatable(reading.sql(), reading.arguments(), row -> LogRow.read(user, row));
    LogRow first = rows.get(0);
    SyncPoint start = since == null ? SyncPoint.beginningAt(first.mark()) : since;
    if (!start.isReadable(first.mark(), first.forgotten())) {
      return new LogReading.StartOver();
    }
    List<LogEntry> entries =
        rows.stream().flatMap(row -> row.entry().stream()).map(e -> e.apply(start)).toList();
    if (entries.size() <= limit) {
      return new LogReading.Page(entries, start.at(first.mark()), /* more= */ false);
    }
    List<LogEntry> page = entries.subList(0, limit);
    return new LogReading.Page(page, page.get(limit - 1).point(), /* more= */ true);
  }

  /** Up to this many rows, and the log beside each; one row if nothing has changed. */
  static ListStatement reading(UserId user, @Nullable SyncPoint since, long rows) {
    String owner = user.value();
    long number = since == null ? -1 : since.number();
    TaskId id = since == null ? null : since.id();
    UUID last = id == null ? BEHIND_ALL_IDS : id.value();
    // Who begins to read is told no deletions.
    long base = since == null ? Long.MAX_VALUE : since.base();
    return new ListStatement(
        READ,
        List.of(owner, owner, owner, number, last, rows, owner, base, rows, rows),
        /* isLong= */ false);
  }

  @Override
  public MarkedTasks listMarked(UserId user, TaskQuery query) {
    PageBatch.Page page = page(user, query);
    if (page.statement().isLong()) {
      return longReads.run(user, () -> PageBatch.alone(statements, page));
    }
    return isShort(page, query) ? lane(page).call(page) : PageBatch.alone(statements, page);
  }

  CompletionStage<MarkedTasks> listLater(PageBatch.Page page) {
    return lane(page).submit(page);
  }

  static PageBatch.Page page(UserId user, TaskQuery query) {
    return new PageBatch.Page(user, ListStatement.page(user, query).marked(user));
  }

  /** Whether the page may share a statement: it keeps no others waiting long. */
  static boolean isShort(PageBatch.Page page, TaskQuery query) {
    return !page.statement().isLong()
        && query.limit() <= LARGEST_SHARED_PAGE
        && query.start().match(offset -> offset.tasks() == 0, after -> true);
  }

  private Lane<PageBatch.Page, MarkedTasks> lane(PageBatch.Page page) {
    return pages.computeIfAbsent(
        page.statement().sql(),
        text -> batches.lane("list", new PageBatch(statements, page.statement())));
  }

  /** The mark in two columns from this one on. */
  private static LogMark mark(ResultSet row, int column) throws SQLException {
    return row.getObject(column) == null
        ? LogMark.NONE
        : new LogMark(TaskRow.time(row, column), row.getLong(column + 1));
  }

  /**
   * A row of {@link #READ}.
   *
   * @param entry makes the entry for a reading that began at a point
   */
  private record LogRow(
      LogMark mark, long forgotten, Optional<Function<SyncPoint, LogEntry>> entry) {
    static LogRow read(UserId user, ResultSet row) throws SQLException {
      LogMark mark = PostgresTaskChangeLog.mark(row, AFTER_TASK + 2);
      return new LogRow(mark, row.getLong(AFTER_TASK + 4), entry(user, row, mark));
    }

    private static Optional<Function<SyncPoint, LogEntry>> entry(
        UserId user, ResultSet row, LogMark mark) throws SQLException {
      UUID value = row.getObject(1, UUID.class);
      if (value == null) {
        return Optional.empty();
      }
      TaskId id = new TaskId(value);
      long number = row.getLong(AFTER_TASK + 1);
      if (row.getObject(AFTER_TASK) == null) {
        Task task = TaskRow.read(user, row);
        return Optional.of(start -> new LogEntry.Stored(task, start.after(mark, number, id)));
      }
      Instant deletedAt = TaskRow.time(row, AFTER_TASK);
      return Optional.of(
          start -> new LogEntry.Deleted(id, deletedAt, start.after(mark, number, id)));
    }
  }
}
