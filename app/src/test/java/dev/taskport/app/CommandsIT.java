package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service's commands answer. */
class CommandsIT {
  private static final String SECRET = "s3cret-of-more-than-thirty-two-bytes";

  @TempDir private static Path folder;

  @BeforeAll
  static void prepareData() {
    PreparedData.in(folder);
  }

  private static Command taskport(Map<String, String> variables, String... arguments) {
    return taskport(folder, variables, arguments);
  }

  private static Command taskport(
      Path workingDirectory, Map<String, String> variables, String... arguments) {
    List<String> command = new ArrayList<>(TaskportProcess.COMMAND);
    command.addAll(List.of(arguments));
    return Command.run(workingDirectory, variables, command);
  }

  @Test
  void itTellsItsVersionAndTheJavaItRunsOn() {
    Command version = taskport(Map.of(), "--version");
    assertEquals(0, version.status());
    assertTrue(
        version.output().matches("taskport \\d+\\.\\d+\\.\\d+\\S* \\(Java .*\\)"),
        version.output());
    assertTrue(version.output().contains(Runtime.version().toString()), version.output());
  }

  @Test
  void everyCommandAnswersToHelp() {
    for (String command : List.of("migrate", "token", "check-isolation")) {
      Command help = taskport(Map.of(), command, "--help");
      assertEquals(0, help.status());
      assertTrue(help.output().contains("\n  " + command), help.output());
    }
  }

  @Test
  void whatItDoesNotKnowEndsWithStatusOneAndTheWayToHelp() {
    Command command = taskport(Map.of(), "migrat");
    assertEquals(1, command.status());
    assertEquals("taskport: don't know migrat; see --help\n", command.errors());
  }

  @Test
  void aMigrationSaysWhetherThereWasAnythingToDo(@TempDir Path empty) {
    assertTrue(
        taskport(empty, Map.of(), "migrate")
            .output()
            .endsWith("The schema was brought up to date."));
    assertTrue(taskport(empty, Map.of(), "migrate").output().endsWith("There was nothing to do."));
  }

  @Test
  void aTokenMadeForAUserIsGoodForThatUserAndForAnHour() {
    Map<String, String> variables = new HashMap<>();
    variables.put("JWT_SECRET", SECRET);
    variables.put("JWT_ISSUER", "https://front.example");
    variables.put("JWT_AUDIENCE", "taskport");
    variables.put("JWT_USER_CLAIM", "user_id");
    Command made = taskport(variables, "token", "ann");
    assertEquals(0, made.status());
    assertEquals("taskport: a token for ann, good for 60 minutes\n", made.errors());

    try (TaskportProcess service = TaskportProcess.running(folder, variables)) {
      String authorization = "Bearer " + made.output();
      assertEquals(
          200,
          service.send("GET", "/api/ann/tasks", null, "Authorization", authorization).statusCode());
      assertEquals(
          403,
          service.send("GET", "/api/bob/tasks", null, "Authorization", authorization).statusCode());
    }
  }

  @Test
  void aTokenThatCanNotBeMadeIsRefusedInOneLine() {
    Command withoutSecret = taskport(Map.of(), "token", "ann");
    assertEquals(1, withoutSecret.status());
    assertEquals("", withoutSecret.output());
    assertEquals(1, withoutSecret.errors().lines().count());
    assertTrue(withoutSecret.errors().startsWith("taskport: JWT_SECRET: "));

    Command withoutUser = taskport(Map.of("JWT_SECRET", SECRET), "token", " ");
    assertEquals("taskport: USER: The user id must not be blank\n", withoutUser.errors());
    assertEquals(1, withoutUser.status());
  }

  @Test
  void aPortThatIsTakenIsFoundBeforeADatabaseIsMade(@TempDir Path empty) {
    try (TaskportProcess first = TaskportProcess.running(folder, Map.of());
        TaskportProcess second =
            TaskportProcess.start(
                empty, Map.of("PORT", String.valueOf(first.awaitListening().getPort())))) {
      assertEquals(1, second.awaitEnd());
      assertTrue(second.output().startsWith("taskport: PORT: "), second.output());
      assertTrue(Files.notExists(empty.resolve("data")));
    }
  }
}
