package dev.taskport.adapter.postgres.address;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * What is known about the server behind a new connection.
 *
 * @param direct whether the connection surely uses one server session for as long as it is open.
 *     Through a pooler, each transaction may run in a different session, with different prepared
 *     statements and settings
 * @param warns whether the server sends its warnings
 */
public record ServerSession(boolean direct, boolean warns) {
  // A pooler sends its clients process ids of its own: random ones (PgBouncer, pgcat, Neon), or 1,
  // 2, 3 and so on (Supavisor), which may equal the session's by chance. So the session must also
  // be younger than the connection. A proxy that only forwards bytes passes this test.
  private static final String QUERY =
      """
      SELECT pid, extract(epoch FROM clock_timestamp() - backend_start)::float8,
        current_setting('client_min_messages') <> 'error'
      FROM pg_stat_get_activity(pg_backend_pid())""";

  private static final double NANOS = 1e9;

  /**
   * Asks the server, in one round trip.
   *
   * @param beforeOpening a {@link System#nanoTime()} from before the connection was opened
   * @throws SQLException when the server can't be asked
   */
  public static ServerSession of(Connection connection, long beforeOpening) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      row.next();
      boolean greeted = row.getInt(1) == connection.unwrap(PGConnection.class).getBackendPID();
      boolean younger = row.getDouble(2) <= (System.nanoTime() - beforeOpening) / NANOS;
      return new ServerSession(greeted && younger, row.getBoolean(3));
    }
  }
}
