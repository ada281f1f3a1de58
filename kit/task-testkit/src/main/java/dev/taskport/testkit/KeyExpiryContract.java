package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someUser;
import static dev.taskport.testkit.TaskRepositoryContract.KEY_RETENTION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskRepository} promises about the expiry of idempotency keys. A store's test
 * implements this, too, if it can make keys look older.
 */
public interface KeyExpiryContract extends Contract {
  /** The age at which a key must be forgotten. */
  Duration FORGOTTEN = KEY_RETENTION.multipliedBy(3);

  /**
   * Makes the user's keys older: changes the stored times, or moves the store's clock forward. A
   * store that removes expired keys in the background does so now.
   */
  void age(UserId user, Duration time);

  @Test
  default void aKeyIsKeptForTheRetention() {
    Task first = aTask().build();
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    repository().create(first.userId(), asNew(first), key);
    Task retry = aTask().of(first.userId()).build();

    age(first.userId(), KEY_RETENTION.minusMinutes(10));

    assertEquals(
        new CreateResult.Replayed(first),
        repository().create(first.userId(), asNew(retry), key),
        "create: a key is kept at least for the retention");
  }

  @Test
  default void aForgottenKeyNamesANewCreation() {
    UserId user = someUser();
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    Task first = aTask().of(user).build();
    Task second = aTask().of(user).called("Other").createdAfter(Duration.ofSeconds(1)).build();
    Task retry = aTask().of(user).called("Other").createdAfter(Duration.ofSeconds(2)).build();
    repository().create(user, asNew(first), key);

    age(user, FORGOTTEN);

    assertEquals(
        new CreateResult.Created(second),
        repository().create(user, asNew(second), key),
        "create: a key is forgotten some time after the retention");
    assertEquals(
        new CreateResult.Replayed(second),
        repository().create(user, asNew(retry), key),
        "create: a key that was forgotten is kept again for whom uses it next");
    assertEquals(
        List.of(second, first),
        repository().list(user, TaskQuery.newest(100)),
        "list: a task outlives its key");
  }

  @Test
  default void ofManyCreationsWithOneForgottenKeyOneWins() {
    Race.repeatedly(
        round -> {
          UserId user = someUser();
          IdempotencyKey key = IdempotencyKey.parse("k-1");
          repository().create(user, asNew(aTask().of(user).build()), key);
          age(user, FORGOTTEN);
          Race.ofCreations(repository(), user, key, 1);
        });
  }
}
