package dev.taskport.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server that the service runs itself if no other database is configured. Its data is
 * in one folder, and is durable even if the service crashes. The server listens on 127.0.0.1 only,
 * and requires a password for every connection. A server that dies is started again, on the same
 * port. Starts, stops and failures are logged. Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private final DataFolder folder;
  private final Credentials passwords;
  private final KeptServer server;

  private EmbeddedPostgres(DataFolder folder, Credentials passwords, KeptServer server) {
    this.folder = folder;
    this.passwords = passwords;
    this.server = server;
  }

  /**
   * Starts the server on this folder, and returns when it accepts connections. Creates the folder
   * and the database on first use. After a crash, PostgreSQL's recovery may take minutes. A server
   * that an earlier service left running on the folder is stopped first.
   *
   * @param dataDir the folder, empty or absent on first use; one service may use it at a time
   * @throws EmbeddedPostgresException if it can't be started; no server is left running then
   */
  public static EmbeddedPostgres start(Path dataDir) {
    long begin = System.nanoTime();
    DataFolder folder = DataFolder.open(dataDir);
    try {
      Cluster.refuseOtherVersions(folder);
      LaunchCommand launch = LaunchCommand.here(folder);
      Programs tools = new Programs(Binaries.unpack(folder), launch, folder);
      OrphanServer.stop(tools);
      Binaries.deleteAllBut(tools.home());
      Credentials passwords = Cluster.openOrCreate(tools);
      KeptServer server = KeptServer.start(tools);
      try {
        passwords.writeServiceFile(folder, server.port());
      } catch (IOException | RuntimeException | Error e) {
        server.stop();
        throw e;
      }
      LOG.info(
          "PostgreSQL is ready on 127.0.0.1:{} after {} ms; its data is in {}",
          server.port(),
          (System.nanoTime() - begin) / 1_000_000,
          folder.path());
      return new EmbeddedPostgres(folder, passwords, server);
    } catch (IOException e) {
      folder.close();
      throw folder.unusable(e);
    } catch (RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  /**
   * The service's database, without user and password: {@code jdbc:postgresql://127.0.0.1:…?…}. It
   * stays the same across restarts of the server. If a different program listens on the port
   * meanwhile, it can't get the password: with SCRAM, the driver never sends it.
   */
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:"
        + server.port()
        + "/"
        + Credentials.DATABASE
        + "?requireAuth=scram-sha-256";
  }

  /** The service's role. It owns the database and has no further rights. */
  public String username() {
    return Credentials.SERVICE_ROLE;
  }

  /** The password of {@link #username()}, generated for this folder. */
  public String password() {
    return passwords.service();
  }

  /**
   * Stops the server cleanly, closes its connections, and returns when it has ended, after about 40
   * seconds at most. Then a different service can use the folder. Calling it again does nothing.
   */
  @Override
  public void close() {
    try {
      server.stop();
    } finally {
      folder.close();
    }
  }

  @Override
  public String toString() {
    return "EmbeddedPostgres[" + jdbcUrl() + ", " + folder.path() + "]";
  }
}
