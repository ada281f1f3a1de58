package dev.taskport.adapter.postgres;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import io.micronaut.context.annotation.Value;
import io.micronaut.data.exceptions.DataAccessException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores a task together with the idempotency key that its creation is known by. */
@Singleton
final class KeyedCreation {
  // The upsert waits for whoever holds the key at the moment and then sees their row; DO NOTHING
  // would return none. When the task's id is taken the statement fails as a whole: no key is left.
  private static final String INSERT =
      """
      WITH claim AS (
        INSERT INTO idempotency_keys AS held (user_id, key, task_id, content, created_at)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (user_id, key) DO UPDATE SET (task_id, content, created_at, attempts) = (
          SELECT excluded.task_id, excluded.content, excluded.created_at, 1
          WHERE held.created_at < ?
          UNION ALL
          SELECT held.task_id, held.content, held.created_at, held.attempts + 1
          WHERE held.created_at >= ?)
        RETURNING task_id, content, created_at, attempts = 1 AS won
      ), stored AS (
      """
          + TaskRow.INSERT
          + """
        SELECT ?, ?, ?, ?, ?, ?, ?, ? FROM claim WHERE won
      )
      SELECT won, task_id, content, created_at FROM claim
      """;

  private final Statements statements;
  private final ExpiredKeys expiredKeys;
  private final Duration retention;

  /**
   * @param retention how long a key is remembered
   */
  KeyedCreation(
      Statements statements,
      ExpiredKeys expiredKeys,
      @Value("${taskport.idempotency.retention:24h}") Duration retention) {
    this.statements = statements;
    this.expiredKeys = expiredKeys;
    this.retention = retention;
  }

  /** Gives what came of it; nothing when the task's id is taken. */
  Optional<CreateResult> create(Task task, IdempotencyKey key) {
    byte[] content = digest(task.content());
    OffsetDateTime expiry = TaskRow.time(task.createdAt().minus(retention));
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(task.userId().value());
    arguments.add(key.value());
    arguments.add(task.id().value());
    arguments.add(content);
    arguments.add(TaskRow.time(task.createdAt()));
    arguments.add(expiry);
    arguments.add(expiry);
    arguments.addAll(TaskRow.values(task));
    try {
      CreateResult result =
          statements.query(INSERT, arguments, row -> result(row, task, content)).get(0);
      expiredKeys.removeSoon(task.createdAt().minus(retention));
      return Optional.of(result);
    } catch (DataAccessException e) {
      if (SqlStates.UNIQUE_VIOLATION.equals(SqlStates.of(e))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static CreateResult result(ResultSet claim, Task task, byte[] content)
      throws SQLException {
    if (claim.getBoolean(1)) {
      return new CreateResult.Created(task);
    }
    if (!MessageDigest.isEqual(claim.getBytes(3), content)) {
      return new CreateResult.KeyReused();
    }
    // Its content is this one's, and a new task's other values follow from its time.
    return new CreateResult.Replayed(
        Task.create(
            task.userId(),
            new NewTask(
                new TaskId(claim.getObject(2, UUID.class)),
                task.content(),
                TaskRow.time(claim, 4))));
  }

  /** Compared with the digests of earlier versions: what these knew must not change its digest. */
  private static byte[] digest(TaskContent content) {
    return content.read(
        (title, description) -> {
          MessageDigest digest = sha256();
          digest.update(title.value().getBytes(StandardCharsets.UTF_8));
          // UTF-8 has no byte 0xFF: it tells where the title ends and that a description follows.
          if (description != null) {
            digest.update((byte) 0xFF);
            digest.update(description.value().getBytes(StandardCharsets.UTF_8));
          }
          return digest.digest();
        });
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }
}
