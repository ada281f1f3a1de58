package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Batches;
import dev.taskport.adapter.postgres.batch.Lane;
import dev.taskport.adapter.postgres.batch.Operation;
import dev.taskport.adapter.postgres.batch.Work;
import dev.taskport.adapter.postgres.database.Deadline;
import dev.taskport.adapter.postgres.database.SqlStates;
import dev.taskport.adapter.postgres.database.StatementException;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.pipeline.OneRowEach;
import dev.taskport.adapter.postgres.pipeline.PipelinedStatement;
import dev.taskport.adapter.postgres.pipeline.WireRow;
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
import dev.taskport.domain.UserId;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Creates tasks together with their idempotency keys, in one statement. */
@Singleton
final class KeyedCreation implements Work<KeyedCreation.Creation, Optional<CreateResult>> {
  // DO UPDATE waits for a concurrent claim of the key and then returns its row; DO NOTHING would
  // return none. If the task's id is taken, the whole statement fails and leaves no key. The table
  // sets claimed_at by itself, so that it follows the database's clock in every release.
  private static final String CLAIM =
      " INSERT INTO idempotency_keys AS held (user_id, key, task_id, content, fields, created_at) ";

  private static final String CLAIMED =
      """
       ON CONFLICT (user_id, key) DO UPDATE
        SET (task_id, content, fields, created_at, attempts) = (
          SELECT excluded.task_id, excluded.content, excluded.fields, excluded.created_at, 1
          WHERE held.claimed_at < now() - CAST(? AS interval)
          UNION ALL
          SELECT held.task_id, held.content, held.fields, held.created_at, held.attempts + 1
          WHERE held.claimed_at >= now() - CAST(? AS interval))
        RETURNING user_id, key, task_id, content, fields, created_at, attempts = 1 AS won
      ), stored AS (
      """
          + TaskRow.INSERT;

  private static final String RESULT = ") SELECT won, task_id, content, fields, claim.created_at";

  private static final String INSERT =
      "WITH claim AS ("
          + CLAIM
          + "VALUES (?, ?, ?, ?, ?, ?)"
          + CLAIMED
          + "SELECT "
          + TaskRow.VALUES
          + " FROM claim WHERE won"
          + RESULT
          + " FROM claim";

  private static final Columns KEY = Columns.of("key text, content bytea, fields bytea");

  private static final Columns KEYS_AND_TASKS = KEY.and(TaskRow.OF_TASKS);

  // The keys in their order, because another instance may claim the same ones.
  private static final String INSERT_TOGETHER =
      "WITH asked AS MATERIALIZED (SELECT * FROM "
          + LockedLogs.asked(KEYS_AND_TASKS, "user_id")
          + "), claim AS ("
          + CLAIM
          + """
          SELECT user_id, key, id, content, fields, created_at
          FROM asked ORDER BY user_id, key
          """
          + CLAIMED
          + "SELECT "
          + TaskRow.OF_TASKS.ofAsked()
          + " FROM claim JOIN asked ON asked.user_id = claim.user_id AND asked.key = claim.key"
          + " WHERE won"
          + RESULT.replace("content, fields", "claim.content, claim.fields")
          + ", n FROM claim JOIN asked ON asked.user_id = claim.user_id AND asked.key = claim.key";

  private static final List<String> TYPES =
      Stream.concat(KEYS_AND_TASKS.arrayTypes().stream(), Stream.of("text", "text")).toList();

  private static final int ID_BYTES = 16;

  private final Statements statements;
  private final ExpiredKeys expiredKeys;
  private final Duration retention;
  private final Lane<Creation, Optional<CreateResult>> lane;

  /**
   * @param retention how long a key is kept at least, by the database's clock
   */
  KeyedCreation(
      Statements statements,
      ExpiredKeys expiredKeys,
      Batches batches,
      @Value("${taskport.idempotency.retention:24h}") Duration retention) {
    this.statements = statements;
    this.expiredKeys = expiredKeys;
    this.retention = retention;
    lane = batches.lane("create with a key", this);
  }

  /** A new task, with its key. */
  record Creation(Task task, IdempotencyKey key) implements Operation {
    @Override
    public UserId user() {
      return task.userId();
    }

    @Override
    public Object target() {
      return new UserKey(task.userId(), key);
    }
  }

  private record UserKey(UserId user, IdempotencyKey key) {}

  /** Returns the result; empty if the task's id is taken. */
  Optional<CreateResult> create(Task task, IdempotencyKey key) {
    Optional<CreateResult> result = lane.call(new Creation(task, key));
    expiredKeys.removeSoon();
    return result;
  }

  /** As {@link #create}, later. */
  CompletionStage<Optional<CreateResult>> createLater(
      Task task, IdempotencyKey key, Deadline deadline) {
    return lane.submit(new Creation(task, key), deadline)
        .whenComplete((result, failure) -> expiredKeys.removeSoon());
  }

  @Override
  public Optional<CreateResult> alone(Creation creation) {
    Task task = creation.task();
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(task.userId().value());
    arguments.add(creation.key().value());
    arguments.add(task.id().value());
    arguments.add(digest(task.content()));
    arguments.add(fields(task.id().value(), task.content()));
    arguments.add(TaskRow.time(task.createdAt()));
    arguments.add(retention.toString());
    arguments.add(retention.toString());
    arguments.addAll(TaskRow.values(task));
    try {
      // May run twice: the second time it finds the key, and so what the first time stored.
      return Optional.of(statements.repeatable(INSERT, arguments, row -> result(row, task)).get(0));
    } catch (StatementException e) {
      if (SqlStates.UNIQUE_VIOLATION.equals(e.state())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  // A task whose id is taken undoes the whole statement. Each is then created alone.
  @Override
  public List<@Nullable Optional<CreateResult>> together(
      List<Creation> creations, Runnable answered) {
    List<@Nullable Optional<CreateResult>> results =
        new ArrayList<>(Collections.nCopies(creations.size(), null));
    var unused =
        statements.once(
            INSERT_TOGETHER,
            arguments(creations),
            answered,
            row -> {
              int place = row.getInt(6) - 1;
              return results.set(place, Optional.of(result(row, creations.get(place).task())));
            });
    return results;
  }

  @Override
  public int most() {
    return MANY;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  private List<Object> arguments(List<Creation> creations) {
    List<Object> arguments =
        new ArrayList<>(KEYS_AND_TASKS.arrays(creations.stream().map(this::values).toList()));
    arguments.add(retention.toString());
    arguments.add(retention.toString());
    return arguments;
  }

  @Override
  public PipelinedStatement<Optional<CreateResult>> statement(List<Creation> creations) {
    return new PipelinedStatement<>(
        INSERT_TOGETHER,
        TYPES,
        arguments(creations),
        new OneRowEach<>(creations, (creation, row) -> Optional.of(result(row, creation.task()))));
  }

  @Override
  public boolean isWrite() {
    return true;
  }

  private List<@Nullable Object> values(Creation creation) {
    Task task = creation.task();
    List<@Nullable Object> values = new ArrayList<>();
    values.add(creation.key().value());
    values.add(digest(task.content()));
    values.add(fields(task.id().value(), task.content()));
    values.addAll(TaskRow.values(task));
    return values;
  }

  private static CreateResult result(ResultSet claim, Task task) throws SQLException {
    return result(
        task,
        claim.getBoolean(1),
        claim.getObject(2, UUID.class),
        claim.getBytes(3),
        claim.getBytes(4),
        TaskRow.time(claim, 5));
  }

  private static CreateResult result(WireRow claim, Task task) {
    return result(
        task,
        claim.bool(1),
        claim.uuid(2),
        claim.bytesOrNull(3),
        claim.bytesOrNull(4),
        claim.time(5));
  }

  /**
   * The result for who claims a key for this task.
   *
   * @param won whether it was free
   * @param id of the task that it stands for, as are the others
   * @param fields null if an older release has claimed the key
   */
  private static CreateResult result(
      Task task,
      boolean won,
      UUID id,
      byte @Nullable [] digest,
      byte @Nullable [] fields,
      Instant createdAt) {
    if (won) {
      return new CreateResult.Created(task);
    }
    // An older release doesn't write the fields, and leaves them when it claims an expired key.
    boolean isOlders = fields == null || !isOf(id, fields);
    TaskContent content = isOlders ? withDefaults(task.content()) : task.content();
    if (!MessageDigest.isEqual(digest, digest(content))
        || !(isOlders || MessageDigest.isEqual(fields, fields(id, content)))) {
      return new CreateResult.KeyReused();
    }
    // The contents are equal, and all other values of a new task follow from its id and time.
    return new CreateResult.Replayed(
        Task.create(task.userId(), new NewTask(new TaskId(id), content, createdAt)));
  }

  private static boolean isOf(UUID id, byte[] fields) {
    ByteBuffer buffer = ByteBuffer.wrap(fields);
    return buffer.remaining() >= ID_BYTES
        && new UUID(buffer.getLong(), buffer.getLong()).equals(id);
  }

  /** The content as an older release would have stored it. */
  private static TaskContent withDefaults(TaskContent content) {
    return TaskChange.Edit.NOTHING
        .withDescription(content.description())
        .appliedTo(TaskContent.titled(content.title()));
  }

  /** Must not change: stored digests of all earlier releases are compared with it. */
  private static byte[] digest(TaskContent content) {
    MessageDigest digest = sha256();
    update(digest, content.title().value());
    Description description = content.description();
    // UTF-8 never contains the byte 0xFF, so it can mark the end of the title.
    if (description != null) {
      digest.update((byte) 0xFF);
      update(digest, description.value());
    }
    return digest.digest();
  }

  /**
   * The task's id, and a digest of the other fields. A field that has its default value adds
   * nothing to the digest, so that a release without the field and one with it store the same for
   * the same request.
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
