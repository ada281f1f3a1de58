package dev.taskport.adapter.postgres.database;

import dev.taskport.domain.StoreUnavailableException;
import java.util.concurrent.TimeoutException;

/**
 * Whether the schema is known to be the one that this release works on. Until then the store
 * answers nothing. A store without a bean of this type takes the schema as ready. Thread-safe.
 */
public final class SchemaReadiness {
  private volatile boolean ready;

  private SchemaReadiness(boolean ready) {
    this.ready = ready;
  }

  /** A schema that is migrated already. */
  public static SchemaReadiness ready() {
    return new SchemaReadiness(true);
  }

  /** A schema that couldn't be migrated yet, because the database is away. */
  public static SchemaReadiness pending() {
    return new SchemaReadiness(false);
  }

  /** Records that the schema is migrated now. */
  public void complete() {
    ready = true;
  }

  /** Whether it is. */
  boolean isReady() {
    return ready;
  }

  void require() {
    if (!ready) {
      throw new StoreUnavailableException(
          "The database has been away since the start", new TimeoutException());
    }
  }
}
