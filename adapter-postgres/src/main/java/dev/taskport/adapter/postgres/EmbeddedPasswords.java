package dev.taskport.adapter.postgres;

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
record EmbeddedPasswords(String service, String superuser) {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String FILE = "pgpass";
  private static final String ANY = "127.0.0.1:*:*:";

  static EmbeddedPasswords random() {
    return new EmbeddedPasswords(randomPassword(), randomPassword());
  }

  private static String randomPassword() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Returns what the cluster's folder holds, or null if that is missing or incomplete. */
  static @Nullable EmbeddedPasswords read(Path cluster) throws IOException {
    Path file = cluster.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    EmbeddedFiles.setPrivate(file);
    List<String> lines = Files.readAllLines(file);
    String service = find(lines, EmbeddedCluster.SERVICE_ROLE);
    String superuser = find(lines, EmbeddedCluster.SUPERUSER);
    return service.isEmpty() || superuser.isEmpty()
        ? null
        : new EmbeddedPasswords(service, superuser);
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
    EmbeddedFiles.writeAtomically(
        cluster.resolve(FILE),
        ANY
            + EmbeddedCluster.SERVICE_ROLE
            + ":"
            + service
            + "\n"
            + ANY
            + EmbeddedCluster.SUPERUSER
            + ":"
            + superuser
            + "\n");
  }

  /** Writes where the running server is, for {@code PGSERVICEFILE}. */
  void writeServiceFile(EmbeddedFolder folder, int port) throws IOException {
    String where =
        "host=127.0.0.1\nport="
            + port
            + "\npassfile="
            + folder.cluster().resolve(FILE)
            + "\ndbname="
            + EmbeddedCluster.DATABASE
            + "\n";
    EmbeddedFiles.writeAtomically(
        folder.path().resolve("pg_service.conf"),
        "[taskport]\n"
            + where
            + "user="
            + EmbeddedCluster.SERVICE_ROLE
            + "\n\n[superuser]\n"
            + where
            + "user="
            + EmbeddedCluster.SUPERUSER
            + "\n");
  }

  @Override
  public String toString() {
    return "EmbeddedPasswords[…]";
  }
}
