package dev.taskport.adapter.postgres.database;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A statement failed; the cause is what the driver threw. */
public sealed class StatementException extends RuntimeException permits NoConnectionException {
  private static final long serialVersionUID = 1L;

  StatementException(SQLException cause) {
    super(cause.getMessage(), cause);
  }

  @Override
  public synchronized SQLException getCause() {
    return (SQLException) Objects.requireNonNull(super.getCause());
  }

  /** The SQLSTATE that the driver reported; null if there is none. */
  public @Nullable String state() {
    return getCause().getSQLState();
  }
}
