package dev.taskport.adapter.postgres.database;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a statement has failed because the database's disk is full or its quota used up. The disk
 * counts as full until a test write shows that it has space again. A successful ordinary write
 * proves nothing, because it may fit into free space inside the table's files. Thread-safe.
 */
@Singleton
final class DiskSpace {
  private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);

  /** Random, so that it can't be compressed and fit into a small gap. */
  private static final int SAMPLE_BYTES = 64_000;

  // Belongs to no user: a user's id is never empty.
  private static final String GROW_A_TABLE =
      """
      INSERT INTO idempotency_keys (user_id, key, task_id, content, created_at)
      VALUES ('', gen_random_uuid()::text, gen_random_uuid(), ?, now())""";

  // A table may have free space inside; a new temporary file of more than a megabyte has none.
  private static final String GROW_A_FILE =
      "SET LOCAL work_mem = '64kB'; SELECT count(*) FROM generate_series(1, 100000)";

  private final DataSource pool;
  private volatile boolean full;

  DiskSpace(DataSource pool) {
    this.pool = pool;
  }

  boolean isFull() {
    return full;
  }

  /** Records that a statement has failed with this SQLSTATE. */
  void failed(@Nullable String state) {
    if (SqlStates.meansFullDisk(state)) {
      full = true;
    }
  }

  /**
   * Tests whether a full disk has space again: writes data that needs new space, and rolls it back.
   *
   * @param seconds how long the server may be silent meanwhile
   */
  void lookAgain(int seconds) {
    Connection connection;
    try {
      connection = pool.getConnection();
    } catch (SQLException e) {
      LOG.debug("The test whether the disk is still full could not connect", e);
      return;
    }
    try (connection) {
      connection.setNetworkTimeout(Runnable::run, seconds * 1000);
      connection.setAutoCommit(false);
      try {
        takeRoom(connection);
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      LOG.info("The database's disk has space again");
      full = false;
    } catch (SQLException e) {
      if (!SqlStates.meansUnavailable(e.getSQLState())) {
        LOG.warn("The test whether the database's disk is still full failed", e);
        full = false; // the next write that fails sets it again
      }
    }
  }

  private static void takeRoom(Connection connection) throws SQLException {
    byte[] sample = new byte[SAMPLE_BYTES];
    ThreadLocalRandom.current().nextBytes(sample);
    try (PreparedStatement insert = connection.prepareStatement(GROW_A_TABLE);
        Statement spill = connection.createStatement()) {
      insert.setBytes(1, sample);
      insert.executeUpdate();
      spill.execute(GROW_A_FILE);
    }
  }
}
