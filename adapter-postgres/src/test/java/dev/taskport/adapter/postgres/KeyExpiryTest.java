package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Task;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.SampleTasks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A key is remembered for at least the retention after its claim, by the database's clock, whatever
 * the clocks of the instances say, those of an earlier release among them.
 */
class KeyExpiryTest {
  private static final StoreDatabase DATABASE = StoreDatabase.create();
  private static final PostgresStore STORE = PostgresStore.on(DATABASE);
  private static final PostgresStore OTHER_INSTANCE = PostgresStore.on(DATABASE);
  private static final IdempotencyKey KEY = IdempotencyKey.parse("k");
  private static final String JUST_IN_TIME = "23 hours 50 minutes";
  private static final String TOO_LATE = "24 hours";

  /** What a release of V1.3 sends, with its own clock's time in the last three parameters. */
  private static final String CLAIM_OF_V1_3 =
      """
      INSERT INTO idempotency_keys AS held (user_id, key, task_id, content, created_at)
      VALUES (?, 'k', ?, ?, ?)
      ON CONFLICT (user_id, key) DO UPDATE
      SET (task_id, content, created_at, attempts) = (
        SELECT excluded.task_id, excluded.content, excluded.created_at, 1
        WHERE held.created_at < ?
        UNION ALL
        SELECT held.task_id, held.content, held.created_at, held.attempts + 1
        WHERE held.created_at >= ?)
      """;

  private final UserId user = SampleTasks.someUser();
  private final SampleTasks sample = aTask().of(user);
  private final Task first = sample.build();

  @AfterAll
  static void stop() {
    STORE.close();
    OTHER_INSTANCE.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "9999-01-01T00:00:00Z"})
  void aKeyIsRememberedForTheRetentionWhateverTheTimeOfTheTask(Instant created) {
    Task held = sample.createdAt(created).build();
    create(held);
    age(JUST_IN_TIME);

    assertEquals(new CreateResult.Replayed(held), create(first));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "9999-01-01T00:00:00Z"})
  void afterTheRetentionTheNextCreationHasTheKeyWhateverTheTimeOfTheTask(Instant created) {
    create(sample.createdAt(created).build());
    age(TOO_LATE);

    assertEquals(new CreateResult.Created(first), create(first));
    age(JUST_IN_TIME);
    assertEquals(new CreateResult.Replayed(first), create(sample.build()));
  }

  @Test
  void anInstanceWhoseClockRunsAheadExpiresNoKey() {
    create(first);

    assertEquals(
        new CreateResult.Replayed(first),
        create(sample.createdAfter(Duration.ofDays(400)).build()));
  }

  @Test
  void aReplayDoesNotLengthenTheTime() {
    create(first);
    age("12 hours");
    create(sample.build());
    age("12 hours");

    Task second = sample.build();
    assertEquals(new CreateResult.Created(second), create(second));
  }

  @Test
  void ofManyClaimsThatMeetOnAnExpiredKeyOneWins() throws Exception {
    int claims = 8;
    ExecutorService threads = Executors.newFixedThreadPool(claims);
    try {
      CyclicBarrier start = new CyclicBarrier(claims);
      create(first);
      for (int round = 1; round <= 50; round++) {
        age(TOO_LATE);
        List<Future<CreateResult>> calls = new ArrayList<>();
        for (int i = 0; i < claims; i++) {
          PostgresStore store = i % 2 == 0 ? STORE : OTHER_INSTANCE;
          Task task = sample.build();
          calls.add(
              threads.submit(
                  () -> {
                    start.await(20, TimeUnit.SECONDS);
                    return store.repository().create(user, asNew(task), KEY);
                  }));
        }
        List<CreateResult> results = new ArrayList<>();
        for (Future<CreateResult> call : calls) {
          results.add(call.get(20, TimeUnit.SECONDS));
        }

        String message = "round " + round + ": " + results;
        assertEquals(
            1, results.stream().filter(CreateResult.Created.class::isInstance).count(), message);
        Set<Task> told = results.stream().map(KeyExpiryTest::taskOf).collect(Collectors.toSet());
        assertEquals(1, told.size(), message);
        assertEquals(1 + round, STORE.repository().summarize(user).total(), message);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aClaimOfAnEarlierReleaseIsRememberedForTheRetention() throws SQLException {
    claimAsV1_3(first, first.createdAt());
    age(JUST_IN_TIME);
    assertEquals(new CreateResult.KeyReused(), create(first));
    age("10 minutes");

    assertEquals(new CreateResult.Created(first), create(first));
  }

  @ParameterizedTest
  @ValueSource(ints = {-36, 0, 36})
  void aKeyThatAnEarlierReleaseClaimedAnewIsRememberedForTheRetention(int hoursAhead)
      throws SQLException {
    create(sample.createdAt(Instant.parse("2001-01-01T00:00:00Z")).build());
    age(TOO_LATE);
    claimAsV1_3(sample.build(), Instant.now().plus(Duration.ofHours(hoursAhead)));

    age(JUST_IN_TIME);
    assertEquals(new CreateResult.KeyReused(), create(first));
    age("10 minutes");
    assertEquals(new CreateResult.Created(first), create(first));
  }

  @Test
  void aReplayByAnEarlierReleaseDoesNotLengthenTheTime() throws SQLException {
    create(first);
    age(JUST_IN_TIME);
    claimAsV1_3(sample.build(), first.createdAt());
    age("10 minutes");

    Task second = sample.build();
    assertEquals(new CreateResult.Created(second), create(second));
  }

  @Test
  void keysFromBeforeTheMigrationCountFromItAndAreNotRewritten() {
    PGSimpleDataSource database = TestDatabase.empty();
    new Migrations(database).migrateTo("1.4");
    TestDatabase.execute(
        database,
        "INSERT INTO idempotency_keys (user_id, key, task_id, content, created_at)"
            + " VALUES ('u', 'k', gen_random_uuid(), '', '2001-01-01Z')");
    String file = "SELECT pg_relation_filenode('idempotency_keys')";
    String before = TestDatabase.query(database, file);

    new Migrations(database).migrate();

    assertEquals(before, TestDatabase.query(database, file));
    assertEquals(
        "1",
        TestDatabase.query(
            database,
            "SELECT count(*) FROM idempotency_keys WHERE claimed_at > now() - interval '1 hour'"));
  }

  private CreateResult create(Task task) {
    return STORE.repository().create(user, asNew(task), KEY);
  }

  private static Task taskOf(CreateResult result) {
    return result.match(
        CreateResult.Created::task,
        CreateResult.Replayed::task,
        reused -> fail("Told that the key is another's"),
        exists -> fail("Told that the id is taken"));
  }

  /** Lets time pass, for this test's user. */
  private void age(String time) {
    DATABASE.execute(
        "UPDATE idempotency_keys SET claimed_at = claimed_at - interval '%s' WHERE user_id = '%s'"
            .formatted(time, user));
  }

  private void claimAsV1_3(Task task, Instant clock) throws SQLException {
    OffsetDateTime now = clock.atOffset(ZoneOffset.UTC);
    try (Connection connection = DATABASE.dataSource().getConnection();
        PreparedStatement claim = connection.prepareStatement(CLAIM_OF_V1_3)) {
      claim.setString(1, user.value());
      claim.setObject(2, task.id().value());
      claim.setBytes(3, new byte[] {1});
      claim.setObject(4, now);
      claim.setObject(5, now.minusHours(24));
      claim.setObject(6, now.minusHours(24));
      assertEquals(1, claim.executeUpdate());
    }
  }
}
