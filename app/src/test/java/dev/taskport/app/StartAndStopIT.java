package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import dev.taskport.app.faults.FaultyProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the service starts, refuses to start, and stops, on somebody's database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StartAndStopIT {
  private @TempDir Path folder;
  private EmbeddedPostgres postgres;

  @BeforeAll
  void startDatabase(@TempDir Path data) {
    postgres = EmbeddedPostgres.start(PreparedData.in(data));
  }

  @AfterAll
  void stopDatabase() {
    postgres.close();
  }

  @Test
  void aWrongSettingStopsTheStartWithOneLineThatShowsNoSecret() {
    assertRefused(
        Map.of("DATABASE_URL", "mysql://ann:s3cret@db/tasks"), "taskport: DATABASE_URL: ");
    assertRefused(Map.of("PORT", "http"), "taskport: PORT: ");
    assertRefused(Map.of("CORS_ORIGINS", "*"), "taskport: CORS_ORIGINS ");
  }

  @Test
  void itIsNotOpenToTheNetworkByMistake() {
    assertRefused(Map.of("DATABASE_URL", url(), "HOST", "0.0.0.0"), "taskport: HOST: ");
    assertRefused(Map.of("DATABASE_URL", url(), "JWT_SECRET", "s3cret"), "taskport: JWT_SECRET: ");
  }

  @Test
  void withASecretItDemandsTokensAndShowsNeither() {
    // A placeholder, if anything took it for one.
    String secret = "s3cret-${JWT_SECRET:x}-of-more-than-thirty-two-bytes";
    String token = TestTokens.hs256(secret, "{\"sub\":\"ann\",\"exp\":9999999999}");
    try (TaskportProcess service =
        TaskportProcess.running(
            folder, Map.of("DATABASE_URL", url(), "JWT_SECRET", secret, "LOG_LEVEL", "DEBUG"))) {
      String authorization = "Bearer " + token;
      assertEquals(401, service.send("GET", "/api/ann/tasks", null).statusCode());
      assertEquals(
          200,
          service.send("GET", "/api/ann/tasks", null, "Authorization", authorization).statusCode());
      assertEquals(
          403,
          service.send("GET", "/api/bob/tasks", null, "Authorization", authorization).statusCode());
      assertEquals(
          401,
          service
              .send("GET", "/api/ann/tasks", null, "Authorization", authorization + "x")
              .statusCode());
      assertEquals(200, service.send("GET", "/health", null).statusCode());
      assertEquals("0.0.0.0", service.awaitListening().getHost());

      assertFalse(service.output().contains("NO AUTHENTICATION"), service.output());
      assertFalse(service.output().contains("s3cret"), service.output());
      assertFalse(service.output().contains(token), service.output());
    }
  }

  @Test
  void nothingButItsOwnSettingsCanSwitchAuthenticationOff() throws IOException {
    Path work = folder.resolve("with-files");
    Files.createDirectories(work.resolve("config"));
    String off = "micronaut.security.enabled=false\nmicronaut.security.filter.enabled=false\n";
    Files.writeString(work.resolve("config/application.properties"), off);
    Files.writeString(work.resolve("off.properties"), off);
    Files.writeString(work.resolve("application.properties"), off);
    Map<String, String> variables = new HashMap<>();
    variables.put("DATABASE_URL", url());
    variables.put("JWT_SECRET", "s3cret-of-more-than-thirty-two-bytes");
    variables.put("MICRONAUT_SECURITY_ENABLED", "false");
    variables.put("MICRONAUT_SECURITY_FILTER_ENABLED", "false");
    variables.put("MICRONAUT_CONFIG_FILES", "off.properties");
    variables.put(
        "MICRONAUT_APPLICATION_JSON", "{\"micronaut\":{\"security\":{\"enabled\":false}}}");
    variables.put("MICRONAUT_SERVER_PORT", "1");
    variables.put("LOGGER_LEVELS_IO_MICRONAUT", "TRACE");
    variables.put(
        "JDK_JAVA_OPTIONS",
        "-Dmicronaut.security.enabled=false -Dmicronaut.security.filter.enabled=false"
            + " -Dmicronaut.config.files=off.properties");
    try (TaskportProcess service = TaskportProcess.running(work, variables)) {
      assertEquals(401, service.send("GET", "/api/ann/tasks", null).statusCode());
      assertFalse(service.output().contains("DefaultBeanContext"), service.output());
    }
  }

  @Test
  void withoutAuthenticationItSaysSo() {
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of("DATABASE_URL", url()))) {
      assertEquals(200, service.send("GET", "/api/ann/tasks", null).statusCode());
      assertEquals("127.0.0.1", service.awaitListening().getHost());
      assertEquals(
          1,
          service
              .output()
              .lines()
              .filter(line -> line.contains("WARN") && line.contains("NO AUTHENTICATION"))
              .count());
    }
  }

  @Test
  void aHostThatIsUnknownStopsTheStartWithOneLineThatNamesIt() {
    assertRefused(
        Map.of("DATABASE_URL", url(), "DIRECT_URL", "postgresql://ann:s3cret@db.invalid/tasks"),
        "taskport: DIRECT_URL: no connection: unknown host db.invalid (database at db.invalid:5432)");
  }

  @Test
  void aDatabaseThatIsAwayStopsACommandWithOneLineThatNamesItAndTheCause() {
    Map<String, String> away = Map.of("DATABASE_URL", "postgresql://ann:s3cret@127.0.0.1:1/tasks");
    try (TaskportProcess migrate = TaskportProcess.start(folder, away, "migrate")) {
      assertEquals(1, migrate.awaitEnd());
      assertEquals(
          "taskport: DATABASE_URL: no connection: Connection refused (database at 127.0.0.1:1)",
          migrate.output());
    }
  }

  @Test
  void aDatabaseThatIsAwayAtTheStartIsWaitedFor() {
    int port = Integer.parseInt(url().replaceFirst(".*?:([0-9]+)/.*", "$1"));
    try (FaultyProxy proxy = new FaultyProxy(port)) {
      String url = url().replace(":" + port + "/", ":" + proxy.port() + "/");
      try (TaskportProcess service = TaskportProcess.running(folder, Map.of("DATABASE_URL", url))) {
        HttpResponse<String> answer = service.send("GET", "/api/ann/tasks", null);
        assertEquals(503, answer.statusCode());
        assertTrue(answer.headers().firstValue("Retry-After").isPresent());
        assertEquals(503, service.send("GET", "/health", null).statusCode());

        proxy.accept();

        service.awaitHealth(200);
        assertEquals(201, service.send("POST", "/api/ann/tasks", "{\"title\":\"t\"}").statusCode());
      }
    }
  }

  @Tag("full")
  @Test
  void aDatabaseThatComesButRefusesTheRoleStopsTheServiceWithOneLine() {
    int port = Integer.parseInt(url().replaceFirst(".*?:([0-9]+)/.*", "$1"));
    try (FaultyProxy proxy = new FaultyProxy(port)) {
      String url =
          url()
              .replace(":" + port + "/", ":" + proxy.port() + "/")
              .replaceAll("password=.*", "password=s3cret");
      try (TaskportProcess service = TaskportProcess.running(folder, Map.of("DATABASE_URL", url))) {
        proxy.accept();

        assertEquals(1, service.awaitEnd());
        assertTrue(service.output().contains("\ntaskport: DATABASE_URL: "), service.output());
      }
    }
  }

  @Test
  void aPasswordThatIsWrongStopsTheStartWithOneLine() {
    String url = url().replaceAll("password=.*", "password=s3cret");
    assertRefused(Map.of("DATABASE_URL", url), "taskport: DATABASE_URL: ");
    assertRefused(Map.of("DATABASE_URL", url(), "DIRECT_URL", url), "taskport: DIRECT_URL: ");
  }

  @Test
  void aPortThatIsTakenStopsTheStartWithOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> variables =
          Map.of("DATABASE_URL", url(), "PORT", String.valueOf(taken.getLocalPort()));
      assertRefused(variables, "taskport: PORT: ");
    }
  }

  @Tag("full")
  @Test
  void aFileSetsWhatTheEnvironmentDoesNot() throws IOException {
    Path work = Files.createDirectory(folder.resolve("with-file"));
    Files.writeString(work.resolve(".env"), "DATABASE_URL='" + url() + "'\nPORT=1\n");

    try (TaskportProcess service = TaskportProcess.running(work, Map.of("PORT", "0"))) {
      assertEquals(200, service.send("GET", "/health", null).statusCode());
    }
    assertFalse(Files.exists(work.resolve("data")));
  }

  @Test
  void aDryLookTellsWhatAMigrationWouldDo() {
    try (TaskportProcess look =
        TaskportProcess.start(folder, Map.of("DATABASE_URL", url()), "migrate", "--dry-run")) {
      assertEquals(0, look.awaitEnd());
      assertTrue(look.output().endsWith("Nothing was changed."), look.output());
    }
  }

  @Test
  void aDryLookAtADatabaseThatCanNotBeMigratedEndsWithStatusOne() throws SQLException {
    DatabaseAddress address =
        new DatabaseAddress(
            postgres.jdbcUrl() + "&currentSchema=strangers",
            postgres.username(),
            postgres.password());
    try (Connection connection = address.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA strangers; CREATE TABLE strangers.tasks (id serial)");
    }

    Map<String, String> variables = Map.of("DATABASE_URL", url() + "&currentSchema=strangers");
    try (TaskportProcess look = TaskportProcess.start(folder, variables, "migrate", "--dry-run")) {
      assertEquals(1, look.awaitEnd());
      assertTrue(look.output().contains("Refused: "), look.output());
    }
    assertRefused(variables, "taskport: DATABASE_URL: ");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDumpThatIsStoppedLeavesNoHalfFile(boolean killed) throws SQLException {
    Path file = folder.resolve("tasks.dump");
    Path part = folder.resolve("tasks.dump.part");
    try (TaskportProcess migrate =
        TaskportProcess.start(folder, Map.of("DATABASE_URL", url()), "migrate")) {
      assertEquals(0, migrate.awaitEnd());
    }
    DatabaseAddress address =
        new DatabaseAddress(postgres.jdbcUrl(), postgres.username(), postgres.password());
    try (Connection connection = address.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE idempotency_keys");
      try (TaskportProcess dump =
          TaskportProcess.start(folder, Map.of("DATABASE_URL", url()), "dump", file.toString())) {
        while (!Files.exists(part) && dump.handle().isAlive()) {
          Thread.onSpinWait();
        }
        if (killed) {
          dump.kill();
        } else {
          dump.terminate();
          dump.awaitEnd();
          assertFalse(Files.exists(part));
        }
      }
      assertFalse(Files.exists(file));
    }
    try (TaskportProcess dump =
        TaskportProcess.start(folder, Map.of("DATABASE_URL", url()), "dump", file.toString())) {
      assertEquals(0, dump.awaitEnd(), dump.output());
    }
    assertTrue(Files.exists(file));
    assertFalse(Files.exists(part));
  }

  @Test
  void aRequestUnderWayIsFinishedBeforeTheServiceStops() throws IOException {
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of("DATABASE_URL", url()))) {
      URI uri = service.awaitListening();
      try (Socket socket = new Socket(uri.getHost(), uri.getPort());
          BufferedReader answer =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
        String body = "{\"title\":\"Just in time\"}";
        socket.setSoTimeout(30_000);
        OutputStream request = socket.getOutputStream();
        request.write(
            ("POST /api/user123/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                    + body.length()
                    + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.flush();
        assertEquals("HTTP/1.1 100 Continue", answer.readLine());

        service.terminate();
        service.awaitOutput("Stopping");
        request.write(body.getBytes(StandardCharsets.US_ASCII));
        request.flush();

        assertEquals("", answer.readLine());
        assertEquals("HTTP/1.1 201 Created", answer.readLine());
      }
      assertEquals(143, service.awaitEnd());
    }
  }

  private void assertRefused(Map<String, String> variables, String start) {
    try (TaskportProcess service = TaskportProcess.start(folder, variables)) {
      assertEquals(1, service.awaitEnd());
      assertEquals(1, service.output().lines().count(), service.output());
      assertTrue(service.output().startsWith(start), service.output());
      assertFalse(service.output().contains("s3cret"), service.output());
    }
  }

  private String url() {
    return postgres.jdbcUrl() + "&user=" + postgres.username() + "&password=" + postgres.password();
  }
}
