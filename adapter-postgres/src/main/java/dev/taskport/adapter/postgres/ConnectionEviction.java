package dev.taskport.adapter.postgres;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Removes a connection from the pool if it would fail again: its server has become read-only (it is
 * no longer the primary), or a pooler mixes up its prepared statements with those of a different
 * connection. By default the pool would keep such connections for half an hour.
 */
public final class ConnectionEviction implements SQLExceptionOverride {
  /** For the pool, which creates an instance by the class's name. */
  public ConnectionEviction() {}

  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    return SqlStates.READ_ONLY.equals(failure.getSQLState()) || SqlStates.meansMismatch(failure)
        ? Override.MUST_EVICT
        : Override.CONTINUE_EVICT;
  }
}
