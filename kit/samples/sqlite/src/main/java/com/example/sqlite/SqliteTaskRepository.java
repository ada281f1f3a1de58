package com.example.sqlite;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Position;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Search;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Keeps tasks in a SQLite file: one connection, one call at a time. */
public final class SqliteTaskRepository implements TaskRepository, AutoCloseable {
  // Texts are compared byte by byte, times are microseconds. title_key, title_fold and
  // description_fold are made of the others, for what SQL can't fold. A key keeps its first task.
  private static final List<String> SCHEMA =
      List.of(
          """
      CREATE TABLE IF NOT EXISTS tasks (
        user_id TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, description TEXT,
        priority TEXT NOT NULL, tags TEXT NOT NULL, due_date TEXT, completed INTEGER NOT NULL,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL,
        title_key TEXT NOT NULL, title_fold TEXT NOT NULL, description_fold TEXT,
        tags_fold TEXT NOT NULL, due_key INTEGER,
        PRIMARY KEY (user_id, id)) WITHOUT ROWID
      """,
          """
      CREATE TABLE IF NOT EXISTS keys (
        user_id TEXT NOT NULL, key TEXT NOT NULL, claimed_at INTEGER NOT NULL, id TEXT NOT NULL,
        title TEXT NOT NULL, description TEXT, priority TEXT NOT NULL, tags TEXT NOT NULL,
        due_date TEXT, created_at INTEGER NOT NULL,
        PRIMARY KEY (user_id, key)) WITHOUT ROWID
      """);

  private static final String PRIORITY =
      "CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END";

  private static final String NOW = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

  private final Connection connection;
  private final Duration keyRetention;

  /** On this file, which is created if need be. */
  public SqliteTaskRepository(String file, Duration keyRetention) throws SQLException {
    this.connection =
        DriverManager.getConnection(
            "jdbc:sqlite:" + file + "?journal_mode=WAL&transaction_mode=IMMEDIATE");
    this.keyRetention = keyRetention;
    for (String statement : SCHEMA) {
      update(statement, List.of());
    }
  }

  @Override
  public CreateResult create(UserId user, NewTask newTask, @Nullable IdempotencyKey key) {
    return atomically(
        () -> {
          Task task = Task.create(user, newTask);
          if (key != null) {
            String expired = "user_id = ? AND claimed_at < " + NOW + " - ?";
            update("DELETE FROM keys WHERE " + expired, List.of(user, keyRetention.toMillis()));
            List<Task> first =
                query(
                    "SELECT * FROM keys WHERE user_id = ? AND key = ?",
                    List.of(user, key),
                    row -> Task.create(user, newTask(row)));
            if (!first.isEmpty()) {
              return first.get(0).content().equals(task.content())
                  ? new CreateResult.Replayed(first.get(0))
                  : new CreateResult.KeyReused();
            }
          }
          Optional<Task> current = find(user, task.id());
          if (current.isPresent()) {
            return new CreateResult.Exists(current.get());
          }
          write(task);
          if (key != null) {
            List<@Nullable Object> values = new ArrayList<>(List.of(user, key, task.id()));
            values.addAll(content(task.content()));
            values.add(micros(task.createdAt()));
            update("INSERT INTO keys VALUES (?, ?, " + NOW + ", ?, ?, ?, ?, ?, ?, ?)", values);
          }
          return new CreateResult.Created(task);
        });
  }

  @Override
  public Optional<Task> find(UserId user, TaskId id) {
    String sql = "SELECT * FROM tasks WHERE user_id = ? AND id = ?";
    return atomically(
        () -> query(sql, List.of(user, id), row -> task(user, row)).stream().findAny());
  }

  @Override
  public List<Task> list(UserId user, TaskQuery query) {
    TaskOrder order = query.order();
    boolean ascending = order.direction() == TaskOrder.Direction.ASCENDING;
    String column =
        switch (order.key()) {
          case CREATED_AT -> "created_at";
          case UPDATED_AT -> "updated_at";
          case TITLE -> "title_key";
          case DUE_DATE -> "ifnull(due_key, %d)".formatted(undated(ascending));
          case PRIORITY -> PRIORITY;
        };
    List<@Nullable Object> values = new ArrayList<>();
    StringBuilder sql =
        new StringBuilder("SELECT * FROM tasks WHERE ").append(where(user, query.filter(), values));
    int offset =
        query
            .start()
            .match(
                start -> start.tasks(),
                after -> {
                  String side = ascending ? ">" : "<";
                  sql.append(" AND (%s, id) %s (?, ?)".formatted(column, side));
                  values.add(sortedBy(after.position(), ascending));
                  values.add(after.position().id());
                  return 0;
                });
    String direction = ascending ? "ASC" : "DESC";
    sql.append(" ORDER BY %s %s, id %s LIMIT ? OFFSET ?".formatted(column, direction, direction));
    values.add(query.limit());
    values.add(offset);
    return atomically(() -> query(sql.toString(), values, row -> task(user, row)));
  }

  @Override
  public long count(UserId user, TaskFilter filter) {
    List<@Nullable Object> values = new ArrayList<>();
    String sql = "SELECT count(*) FROM tasks WHERE " + where(user, filter, values);
    return atomically(() -> query(sql, values, row -> row.getLong(1)).get(0));
  }

  @Override
  public TaskSummary summarize(UserId user) {
    String sql = "SELECT count(*), total(completed) FROM tasks WHERE user_id = ?";
    return atomically(
        () ->
            query(
                    sql,
                    List.of(user),
                    row -> new TaskSummary(row.getLong(2), row.getLong(1) - row.getLong(2)))
                .get(0));
  }

  @Override
  public WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    return atomically(
        () -> {
          Optional<Task> current = find(user, id);
          if (current.isEmpty()) {
            return new WriteResult.NotFound();
          }
          if (!precondition.allows(current.get().revision())) {
            return new WriteResult.Stale(current.get());
          }
          Task changed = current.get().apply(change, now);
          write(changed);
          return new WriteResult.Done(changed);
        });
  }

  @Override
  public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    return atomically(
        () -> {
          Optional<Task> current = find(user, id);
          if (current.isEmpty()) {
            return new WriteResult.NotFound();
          }
          if (!precondition.allows(current.get().revision())) {
            return new WriteResult.Stale(current.get());
          }
          update("DELETE FROM tasks WHERE user_id = ? AND id = ?", List.of(user, id));
          return new WriteResult.Done(current.get());
        });
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private void write(Task task) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>(List.of(task.userId(), task.id()));
    values.addAll(content(task.content()));
    values.add(task.completed());
    values.add(micros(task.createdAt()));
    values.add(micros(task.updatedAt()));
    values.add(task.version());
    values.add(task.title().sortKey());
    values.add(Search.fold(task.title().value()));
    Description description = task.description();
    values.add(description == null ? null : Search.fold(description.value()));
    values.add(Search.fold(task.content().tags().joined()));
    DueDate dueDate = task.content().dueDate();
    values.add(dueDate == null ? null : key(dueDate));
    update("INSERT OR REPLACE INTO tasks VALUES (?" + ", ?".repeat(15) + ")", values);
  }

  private static List<@Nullable Object> content(TaskContent content) {
    return content.read(
        (title, description, priority, tags, dueDate) ->
            Arrays.asList(
                title,
                description,
                priority.value(),
                tags.joined(),
                dueDate == null
                    ? null
                    : dueDate.match(onDate -> onDate.date(), atTime -> atTime.instant())));
  }

  private static Task task(UserId user, ResultSet row) throws SQLException {
    NewTask created = newTask(row);
    return Task.stored(
        created.id(),
        user,
        created.content(),
        row.getBoolean("completed"),
        created.createdAt(),
        time(row.getLong("updated_at")),
        row.getLong("version"));
  }

  private static NewTask newTask(ResultSet row) throws SQLException {
    String description = row.getString("description");
    String dueDate = row.getString("due_date");
    return new NewTask(
        TaskId.parse(row.getString("id")),
        new TaskContent(
            Title.stored(row.getString("title")),
            description == null ? null : Description.stored(description),
            Priority.stored(row.getString("priority")),
            Tags.stored(row.getString("tags")),
            dueDate == null ? null : DueDate.parse(dueDate)),
        time(row.getLong("created_at")));
  }

  private static String where(UserId user, TaskFilter filter, List<@Nullable Object> values) {
    StringBuilder sql = new StringBuilder("user_id = ?");
    values.add(user);
    if (filter.completed() != null) {
      sql.append(" AND completed = ?");
      values.add(filter.completed());
    }
    if (filter.search() != null) {
      sql.append(" AND (instr(title_fold, ?) > 0 OR instr(description_fold, ?) > 0)");
      String folded = Search.fold(filter.search().value());
      values.add(folded);
      values.add(folded);
    }
    bound("created_at >", filter.createdAfter(), sql, values);
    bound("created_at <", filter.createdBefore(), sql, values);
    bound("updated_at >", filter.updatedAfter(), sql, values);
    bound("updated_at <", filter.updatedBefore(), sql, values);
    if (!filter.priorities().isEmpty()) {
      sql.append(" AND priority IN (?" + ", ?".repeat(filter.priorities().size() - 1) + ")");
      filter.priorities().forEach(priority -> values.add(priority.value()));
    }
    filter
        .tags()
        .values()
        .forEach(
            tag -> {
              sql.append(" AND instr(',' || tags_fold || ',', ?) > 0");
              values.add("," + tag.folded() + ",");
            });
    bound("(due_key >> 1) >", filter.dueAfter(), sql, values);
    bound("(due_key >> 1) <", filter.dueBefore(), sql, values);
    if (filter.withoutDueDate()) {
      sql.append(" AND due_key IS NULL");
    }
    return sql.toString();
  }

  private static void bound(
      String comparison, @Nullable Instant time, StringBuilder sql, List<@Nullable Object> values) {
    if (time != null) {
      sql.append(" AND ").append(comparison).append(" ?");
      values.add(micros(time));
    }
  }

  private static Object sortedBy(Position position, boolean ascending) {
    return position.match(
        byCreatedAt -> micros(byCreatedAt.time()),
        byUpdatedAt -> micros(byUpdatedAt.time()),
        byTitle -> byTitle.sortKey(),
        byDueDate -> {
          DueDate dueDate = byDueDate.dueDate();
          return dueDate == null ? undated(ascending) : key(dueDate);
        },
        byPriority ->
            switch (byPriority.priority()) {
              case URGENT -> 0;
              case HIGH -> 1;
              case MEDIUM -> 2;
              case LOW -> 3;
            });
  }

  /** A date before the times at its instant. */
  private static long key(DueDate dueDate) {
    return micros(dueDate.instant()) * 2 + (dueDate.isDate() ? 0 : 1);
  }

  /** Behind all keys, in either direction. */
  private static long undated(boolean ascending) {
    return ascending ? Long.MAX_VALUE : -Long.MAX_VALUE;
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }

  private static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** One call at a time, as a whole or not at all; a call within a call is a part of it. */
  private synchronized <T> T atomically(Callable<T> call) {
    try {
      if (!connection.getAutoCommit()) {
        return call.call();
      }
      connection.setAutoCommit(false);
      try {
        T result = call.call();
        connection.commit();
        return result;
      } catch (Exception e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new StoreUnavailableException("SQLite refused a statement", e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Not thrown by SQL", e);
    }
  }

  private void update(String sql, List<? extends @Nullable Object> values) throws SQLException {
    try (PreparedStatement statement = prepared(sql, values)) {
      statement.executeUpdate();
    }
  }

  private <T> List<T> query(String sql, List<? extends @Nullable Object> values, Reader<T> reader)
      throws SQLException {
    try (PreparedStatement statement = prepared(sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<T> result = new ArrayList<>();
      while (rows.next()) {
        result.add(reader.read(rows));
      }
      return result;
    }
  }

  private PreparedStatement prepared(String sql, List<? extends @Nullable Object> values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    int index = 1;
    for (Object value : values) {
      boolean plain = value == null || value instanceof Number || value instanceof Boolean;
      statement.setObject(index++, plain ? value : value.toString());
    }
    return statement;
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }
}
