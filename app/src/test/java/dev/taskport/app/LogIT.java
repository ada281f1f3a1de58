package dev.taskport.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service logs, at its most talkative, of hostile requests and of failures. */
class LogIT {
  private static final Pattern RECORD =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (TRACE|DEBUG|INFO |WARN |ERROR)"
              + " \\w+ - .*");

  private static final String FORGED = "2026-11-21T10:00:00.000Z ERROR Taskport - forged";
  private static final String JWT_SECRET = "s3cret-s3cret-s3cret-s3cret-s3cret";
  private static final String TOKEN =
      TestTokens.hs256(JWT_SECRET, "{\"sub\":\"user123\",\"exp\":9999999999}");
  private static final String BODY = "{\"title\":\"s3cret\",\"description\":\"s3cret\"}";

  private @TempDir Path folder;

  /** What may go wrong in a database, made to go wrong. */
  private static void breakCreation(EmbeddedPostgres postgres, String how) throws SQLException {
    DatabaseAddress address =
        new DatabaseAddress(postgres.jdbcUrl(), postgres.username(), postgres.password());
    try (Connection connection = address.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(how);
    }
  }

  private static void sendBytes(URI uri, String request) throws IOException {
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      assertTrue(socket.getInputStream().readAllBytes().length > 0);
    }
  }

  private static void sendHostileRequests(URI uri) throws IOException {
    String path = "/api/user123%0A" + FORGED.replace(" ", "%20") + "/tasks";
    String[] lines = {
      "GET " + path + " HTTP/1.1",
      "GET /\u001b[2J" + path + " HTTP/1.1",
      "GET /%1b%5b2J%e2%80%a8" + FORGED.replace(" ", "%20") + " HTTP/1.1",
      "POST /api/user123/tasks HTTP/1.1\r\nX-Request-ID: a\u001b[2J\u0085" + FORGED,
      "POST /api/user123/tasks HTTP/1.1\r\nX-Request-ID: a\r" + FORGED,
      "POST /api/user123/tasks HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + FORGED + "\r\n",
      "\r\n" + FORGED,
    };
    for (String line : lines) {
      sendBytes(
          uri,
          line
              + "\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
              + ("Authorization: Bearer " + TOKEN + "\r\nIdempotency-Key: s3cret\r\n")
              + "Content-Length: 20\r\n\r\n\n"
              + FORGED);
    }
  }

  private static int create(TaskportProcess service) {
    return service
        .send("POST", "/api/user123/tasks", BODY, "Authorization", "Bearer " + TOKEN)
        .statusCode();
  }

  @SuppressWarnings("try") // that the database is closed before its time is what is tested
  @Test
  void nobodyCanForgeALineOrMakeItShowASecret() throws IOException, SQLException {
    String output;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(PreparedData.in(folder));
        TaskportProcess service =
            TaskportProcess.running(
                folder,
                Map.of(
                    "DATABASE_URL",
                    postgres.jdbcUrl()
                        + ("&user=" + postgres.username() + "&password=" + postgres.password()),
                    "JWT_SECRET",
                    JWT_SECRET))) {
      sendHostileRequests(service.awaitListening());
      assertEquals(201, create(service));

      // The detail of this error is the row.
      breakCreation(postgres, "ALTER TABLE tasks ADD CHECK (title <> 's3cret') NOT VALID");
      assertEquals(500, create(service));

      // An error whose message has lines of its own.
      breakCreation(
          postgres,
          "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
              + (" RAISE EXCEPTION E'one\\n" + FORGED + "\\r" + FORGED + "\\x1b[2J'; END $$;")
              + " CREATE TRIGGER fail BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION fail()");
      assertEquals(500, create(service));

      postgres.close();
      assertEquals(503, create(service));
      assertEquals(503, service.send("GET", "/health", null).statusCode());
      service.terminate();
      service.awaitEnd();
      output = service.output();
    }

    List<String> lines = List.of(output.split("[\n\r\u000b\f\u0085\u2028\u2029]", -1));
    assertEquals(
        List.of(),
        lines.stream()
            .filter(line -> !line.startsWith("\t") && !RECORD.matcher(line).matches())
            .toList());
    assertEquals(List.of(), lines.stream().filter(line -> line.startsWith(FORGED)).toList());
    assertEquals(-1, output.indexOf('\u001b'));
    assertEquals(List.of(), SecretsInOutput.find(output));
    // What is looked for was there to be found.
    assertTrue(lines.contains("\t" + FORGED), output);
    assertTrue(lines.stream().anyMatch(line -> line.contains("violates check constraint")), output);
    assertTrue(lines.stream().anyMatch(line -> line.contains(" WARN  ")), output);
  }
}
