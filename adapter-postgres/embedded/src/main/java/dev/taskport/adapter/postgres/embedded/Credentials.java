package dev.taskport.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The passwords of the service's role and of the superuser, kept in the database's folder in the
 * form that psql and pg_dump read ({@code PGPASSFILE}).
 */
record Credentials(String service, String superuser) {

  static final String DATABASE = "taskport";
  static final String SERVICE_ROLE = "taskport";
  static final String SUPERUSER = "postgres";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String FILE = "pgpass";
  private static final String ANY = "127.0.0.1:*:*:";

  static Credentials random() {
    return new Credentials(randomPassword(), randomPassword());
  }

  private static String randomPassword() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Returns the passwords from the cluster's folder, or null if they are missing or incomplete. */
  static @Nullable Credentials read(Path cluster) throws IOException {
    Path file = cluster.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    PrivateFiles.setPrivate(file);
    List<String> lines = Files.readAllLines(file);
    String service = find(lines, SERVICE_ROLE);
    String superuser = find(lines, SUPERUSER);
    return service.isEmpty() || superuser.isEmpty() ? null : new Credentials(service, superuser);
  }

  private static String find(List<String> lines, String role) {
    String start = ANY + role + ":";
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .findFirst()
        .orElse("");
  }

  void write(Path cluster) throws IOException {
    PrivateFiles.writeAtomically(
        cluster.resolve(FILE),
        ANY + SERVICE_ROLE + ":" + service + "\n" + ANY + SUPERUSER + ":" + superuser + "\n");
  }

  /** Writes the running server's address, for {@code PGSERVICEFILE}. */
  void writeServiceFile(DataFolder folder, int port) throws IOException {
    String where =
        "host=127.0.0.1\nport="
            + port
            + "\npassfile="
            + folder.cluster().resolve(FILE)
            + "\ndbname="
            + DATABASE
            + "\n";
    PrivateFiles.writeAtomically(
        folder.path().resolve("pg_service.conf"),
        "[taskport]\n"
            + where
            + "user="
            + SERVICE_ROLE
            + "\n\n[superuser]\n"
            + where
            + "user="
            + SUPERUSER
            + "\n");
  }

  @Override
  public String toString() {
    return "Credentials[…]";
  }
}
