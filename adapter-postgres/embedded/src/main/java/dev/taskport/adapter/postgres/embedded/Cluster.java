package dev.taskport.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The database on disk (a cluster, in PostgreSQL's terms). It is created once, completely or not at
 * all.
 */
final class Cluster {

  static final String MAJOR_VERSION = "18";

  private Cluster() {}

  static void refuseOtherVersions(DataFolder folder) throws IOException {
    if (!Files.exists(folder.cluster())) {
      return;
    }
    Path file = folder.cluster().resolve("PG_VERSION");
    if (!Files.exists(file)) {
      throw new EmbeddedPostgresException(
          "The database in "
              + folder.cluster()
              + " is incomplete (no PG_VERSION): restore the folder from a backup, or move it away to"
              + " start with an empty database");
    }
    String version = Files.readString(file).strip();
    if (!version.equals(MAJOR_VERSION)) {
      throw new EmbeddedPostgresException(
          "The database in "
              + folder.path()
              + " is of PostgreSQL "
              + version
              + " and this Taskport brings PostgreSQL "
              + MAJOR_VERSION
              + ": run `./taskport dump FILE` with the Taskport that wrote it, then, with this one and"
              + " DATA_DIR set to a new folder, `./taskport restore FILE` (docs/embedded-database.md)");
    }
  }

  /** Creates the cluster if there is none, durably, and returns its passwords. */
  static Credentials openOrCreate(Programs tools) throws IOException {
    Path cluster = tools.folder().cluster();
    if (!Files.exists(cluster)) {
      return create(tools);
    }
    Credentials known = Credentials.read(cluster);
    return known != null ? known : setNewPasswords(tools, cluster);
  }

  /** All steps happen in a temporary folder; the last step renames it. */
  private static Credentials create(Programs tools) throws IOException {
    // initdb starts the server through a shell, with the path in double quotes, where these
    // characters are still special.
    if (tools.home().toString().matches(".*[\"$`\\\\\r\n].*")) {
      throw new EmbeddedPostgresException(
          "PostgreSQL can't make a database in "
              + tools.folder().path()
              + ": set DATA_DIR to a path without any of \" $ ` \\ and line breaks");
    }
    Path work = tools.folder().newWorkFolder();
    try {
      Credentials passwords = Credentials.random();
      Path cluster = work.resolve("cluster");
      Path superuserPassword = work.resolve("password");
      PrivateFiles.writeAtomically(superuserPassword, passwords.superuser() + "\n");
      tools.run(
          "",
          "initdb",
          "--pgdata=" + cluster,
          "--username=" + Credentials.SUPERUSER,
          "--pwfile=" + superuserPassword,
          "--auth=scram-sha-256",
          "--encoding=UTF8",
          "--locale=C",
          "--locale-provider=builtin",
          "--builtin-locale=C.UTF-8",
          "--data-checksums",
          "--set=timezone=UTC",
          "--set=log_timezone=UTC",
          "--set=max_connections=50",
          "--no-instructions",
          "--no-sync");
      PrivateFiles.writeAtomically(
          cluster.resolve("pg_hba.conf"),
          """
          # Written by Taskport: a password for everybody, from this machine only.
          host all all 127.0.0.1/32 scram-sha-256
          """);
      passwords.write(cluster);
      singleUser(
          tools,
          cluster,
          "CREATE ROLE %s LOGIN PASSWORD '%s';\nCREATE DATABASE %s OWNER %s;\n"
              .formatted(
                  Credentials.SERVICE_ROLE,
                  passwords.service(),
                  Credentials.DATABASE,
                  Credentials.SERVICE_ROLE));
      tools.run("", "initdb", "--sync-only", "--pgdata=" + cluster);
      PrivateFiles.publish(cluster, tools.folder().cluster());
      return passwords;
    } finally {
      PrivateFiles.deleteTree(work);
    }
  }

  /**
   * Sets new passwords if their file is lost. Whoever can write to the folder could do this anyway.
   */
  private static Credentials setNewPasswords(Programs tools, Path cluster) throws IOException {
    Credentials passwords = Credentials.random();
    singleUser(
        tools,
        cluster,
        "ALTER ROLE %s PASSWORD '%s';\nALTER ROLE %s PASSWORD '%s';\n"
            .formatted(
                Credentials.SERVICE_ROLE,
                passwords.service(),
                Credentials.SUPERUSER,
                passwords.superuser()));
    passwords.write(cluster);
    return passwords;
  }

  /** Runs SQL, one statement per line, in single-user mode, so that no client can connect. */
  private static void singleUser(Programs tools, Path cluster, String sql) throws IOException {
    tools.run(
        sql,
        "postgres",
        "--single",
        "-D",
        cluster.toString(),
        "-c",
        "exit_on_error=on",
        "-c",
        "log_error_verbosity=terse",
        "-c",
        "log_min_error_statement=panic", // statements contain passwords
        "postgres");
  }
}
