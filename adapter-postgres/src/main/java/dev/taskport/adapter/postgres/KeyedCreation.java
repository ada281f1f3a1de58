package dev.taskport.adapter.postgres;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import io.micronaut.context.annotation.Value;
import io.micronaut.data.exceptions.DataAccessException;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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
  // The time of the claim is the table's own doing, by the database's clock, for every release.
  private static final String INSERT =
      """
      WITH claim AS (
        INSERT INTO idempotency_keys AS held (user_id, key, task_id, content, fields, created_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (user_id, key) DO UPDATE
        SET (task_id, content, fields, created_at, attempts) = (
          SELECT excluded.task_id, excluded.content, excluded.fields, excluded.created_at, 1
          WHERE held.claimed_at < now() - CAST(? AS interval)
          UNION ALL
          SELECT held.task_id, held.content, held.fields, held.created_at, held.attempts + 1
          WHERE held.claimed_at >= now() - CAST(? AS interval))
        RETURNING task_id, content, fields, created_at, attempts = 1 AS won
      ), stored AS (
      """
          + TaskRow.INSERT
          + "SELECT "
          + TaskRow.VALUES
          + """
         FROM claim WHERE won
      )
      SELECT won, task_id, content, fields, created_at FROM claim
      """;

  private static final int ID_BYTES = 16;

  private final Statements statements;
  private final ExpiredKeys expiredKeys;
  private final Duration retention;

  /**
   * @param retention how long a key is remembered at least, by the database's clock
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
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(task.userId().value());
    arguments.add(key.value());
    arguments.add(task.id().value());
    arguments.add(digest(task.content()));
    arguments.add(fields(task.id().value(), task.content()));
    arguments.add(TaskRow.time(task.createdAt()));
    arguments.add(retention.toString());
    arguments.add(retention.toString());
    arguments.addAll(TaskRow.values(task));
    try {
      CreateResult result = statements.query(INSERT, arguments, row -> result(row, task)).get(0);
      expiredKeys.removeSoon(retention);
      return Optional.of(result);
    } catch (DataAccessException e) {
      if (SqlStates.UNIQUE_VIOLATION.equals(SqlStates.of(e))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static CreateResult result(ResultSet claim, Task task) throws SQLException {
    if (claim.getBoolean(1)) {
      return new CreateResult.Created(task);
    }
    UUID id = claim.getObject(2, UUID.class);
    byte[] fields = claim.getBytes(4);
    // An older instance knows nothing of the fields, also when it claims an expired key anew.
    boolean isOlders = fields == null || !isOf(id, fields);
    TaskContent content = isOlders ? withDefaults(task.content()) : task.content();
    if (!MessageDigest.isEqual(claim.getBytes(3), digest(content))
        || !(isOlders || MessageDigest.isEqual(fields, fields(id, content)))) {
      return new CreateResult.KeyReused();
    }
    // Its content is this one's, and a new task's other values follow from its time.
    return new CreateResult.Replayed(
        Task.create(task.userId(), new NewTask(new TaskId(id), content, TaskRow.time(claim, 5))));
  }

  private static boolean isOf(UUID id, byte[] fields) {
    ByteBuffer buffer = ByteBuffer.wrap(fields);
    return buffer.remaining() >= ID_BYTES
        && new UUID(buffer.getLong(), buffer.getLong()).equals(id);
  }

  /** What an older instance stored of it. */
  private static TaskContent withDefaults(TaskContent content) {
    return TaskChange.Edit.NOTHING
        .withDescription(content.description())
        .appliedTo(TaskContent.titled(content.title()));
  }

  /** Compared with the digests of all earlier versions: must not change. */
  private static byte[] digest(TaskContent content) {
    MessageDigest digest = sha256();
    update(digest, content.title().value());
    Description description = content.description();
    // UTF-8 has no byte 0xFF: it tells where the title ends and that a description follows.
    if (description != null) {
      digest.update((byte) 0xFF);
      update(digest, description.value());
    }
    return digest.digest();
  }

  /**
   * The task's id, and a digest of the fields beside title and description. A field that a creation
   * needn't name adds nothing to the digest when it isn't named: so what a version without the
   * field stored equals what a version with it makes of the same request.
   */
  private static byte[] fields(UUID id, TaskContent content) {
    return content.read(
        (title, description, priority, tags, dueDate) -> {
          MessageDigest digest = sha256();
          if (priority != Priority.MEDIUM) {
            update(digest, "priority=" + priority.value() + '\n');
          }
          if (!tags.equals(Tags.NONE)) {
            update(digest, "tags=" + tags.joined() + '\n');
          }
          if (dueDate != null) {
            update(
                digest,
                "due_date=" + dueDate.match(DueDate.OnDate::date, DueDate.AtTime::instant) + '\n');
          }
          return ByteBuffer.allocate(ID_BYTES + digest.getDigestLength())
              .putLong(id.getMostSignificantBits())
              .putLong(id.getLeastSignificantBits())
              .put(digest.digest())
              .array();
        });
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }
}
