package dev.taskport.adapter.postgres;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Drops a connection from the pool that would fail again: its server turns out to be read-only (it
 * was the primary and is one no more), or a pooler mixes up its prepared statements with another's.
 * By default the pool would keep such connections for half an hour.
 */
public final class ConnectionEviction implements SQLExceptionOverride {
  /** For the pool, which makes one by the class's name. */
  public ConnectionEviction() {}

  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    return SqlStates.READ_ONLY.equals(failure.getSQLState()) || SqlStates.meansMismatch(failure)
        ? Override.MUST_EVICT
        : Override.CONTINUE_EVICT;
  }
}
