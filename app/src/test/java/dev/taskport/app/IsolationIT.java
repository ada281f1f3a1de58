package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of the check of a deployment. */
@Tag("full")
class IsolationIT {
  private static final String SECRET = "s3cret-of-a-deployment-of-more-than-32-bytes";

  /** The same for all tests: making a database takes longer than finding one. */
  @TempDir private static Path folder;

  private static TaskportProcess check(Map<String, String> variables, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "check-isolation";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return TaskportProcess.start(folder, variables, command);
  }

  private static void assertRefused(
      String reason, Map<String, String> variables, String... arguments) {
    try (TaskportProcess check = check(variables, arguments)) {
      assertEquals(1, check.awaitEnd());
      assertEquals(1, check.output().lines().count(), check.output());
      assertTrue(check.output().contains(reason), check.output());
    }
  }

  @Test
  void aDeploymentWithTlsIsCheckedAndKeptAsItWas(@TempDir Path certificates) throws IOException {
    TestCertificate certificate = TestCertificate.issued(certificates);
    Files.writeString(folder.resolve("fullchain.pem"), String.join("", certificate.chain()));
    Files.writeString(folder.resolve("privkey.pem"), certificate.key());
    Map<String, String> settings =
        Map.of(
            "JWT_SECRET",
            SECRET,
            "JWT_ISSUER",
            "https://front.example",
            "JWT_AUDIENCE",
            "tasks",
            "JWT_USER_CLAIM",
            "userId",
            "REQUIRE_IF_MATCH",
            "true",
            "TLS_CERTIFICATE",
            "fullchain.pem",
            "TLS_KEY",
            "privkey.pem");
    try (TaskportProcess service = TaskportProcess.running(folder, settings)) {
      URI uri = URI.create("https://localhost:" + service.awaitListening().getPort());
      assertRefused("TLS fails", settings, uri.toString());

      Map<String, String> trusting = new HashMap<>(settings);
      trusting.put("PORT", String.valueOf(uri.getPort()));
      trusting.put("JDK_JAVA_OPTIONS", certificate.trustOption(folder));
      try (TaskportProcess check = check(trusting)) {
        assertEquals(0, check.awaitEnd(), check.output());
        assertTrue(
            check.output().contains("PUT /api/{user_id}/tasks/{task_id}: isolated ("),
            check.output());
        assertTrue(check.output().contains("GET /health: isolated ("), check.output());
        assertFalse(check.output().contains("eyJ"), "a token is shown");
      }
    }
  }

  @Test
  void tokensOfTestAccountsAreTakenFromTheEnvironment() {
    Map<String, String> settings = Map.of("JWT_SECRET", SECRET);
    try (TaskportProcess service = TaskportProcess.running(folder, settings)) {
      String url = service.awaitListening().toString();
      String ann = TestTokens.hs256(SECRET, "{\"sub\":\"ann\",\"exp\":9999999999}");
      String bob = TestTokens.hs256(SECRET, "{\"sub\":\"bob\",\"exp\":9999999999}");
      String old = TestTokens.hs256(SECRET, "{\"sub\":\"ann\",\"exp\":1}");
      String[] bearer = {"Authorization", "Bearer " + ann};
      service.send("POST", "/api/ann/tasks", "{\"title\":\"Buy milk\"}", bearer);
      String before = service.send("GET", "/api/ann/tasks", null, bearer).body();

      try (TaskportProcess check =
          check(Map.of("ISOLATION_TOKEN_A", ann, "ISOLATION_TOKEN_B", bob), url)) {
        assertEquals(0, check.awaitEnd(), check.output());
        assertTrue(check.output().contains("Not tried: an expired token"), check.output());
      }
      assertEquals(before, service.send("GET", "/api/ann/tasks", null, bearer).body());

      Map<String, String> expired = Map.of("ISOLATION_TOKEN_A", old, "ISOLATION_TOKEN_B", bob);
      assertRefused("first user's token", expired, url);
      assertRefused("same user", Map.of("ISOLATION_TOKEN_A", ann, "ISOLATION_TOKEN_B", old), url);
    }
  }

  @Test
  void itSaysInOneLineWhyItCanNotCheck() {
    try (TaskportProcess open = TaskportProcess.running(folder, Map.of())) {
      String url = open.awaitListening().toString();
      assertRefused("demands no token", Map.of("JWT_SECRET", SECRET), url);
      assertRefused("no shared secret", Map.of(), url);
      assertRefused("ISOLATION_TOKEN_B: ", Map.of("ISOLATION_TOKEN_A", "x"), url);
      assertRefused(
          "ISOLATION_TOKEN_A: ",
          Map.of("ISOLATION_TOKEN_A", "s3cret", "ISOLATION_TOKEN_B", "s3cret"),
          url);
      assertRefused("is it the URL of a Taskport", Map.of("JWT_SECRET", SECRET), url + "/docs");
    }
    assertRefused("can't be reached", Map.of("JWT_SECRET", SECRET), "http://localhost:1");
    assertRefused("PORT: ", Map.of("JWT_SECRET", SECRET));
    assertRefused("must be like https://", Map.of("JWT_SECRET", SECRET), "localhost:8000");
  }
}
