package dev.taskport.adapter.postgres.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Removes a connection from the pool if it would fail again: its server has become read-only (it is
 * no longer the primary), or a pooler mixes up its prepared statements with those of a different
 * connection. By default the pool would keep such connections for half an hour. Also after a
 * cancelled statement, because a second request to cancel it may still be on its way, and would hit
 * the next one.
 */
public final class ConnectionEviction implements SQLExceptionOverride {
  /** For the pool, which creates an instance by the class's name. */
  public ConnectionEviction() {}

  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    String state = failure.getSQLState();
    return SqlStates.READ_ONLY.equals(state)
            || SqlStates.CANCELLED.equals(state)
            || SqlStates.meansMismatch(failure)
        ? Override.MUST_EVICT
        : Override.CONTINUE_EVICT;
  }
}
