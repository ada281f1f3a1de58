package com.example.sqlite;

import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.ConcurrentTaskRepositoryContract;
import dev.taskport.testkit.KeyExpiryContract;
import dev.taskport.testkit.ModelTaskRepositoryContract;
import dev.taskport.testkit.TaskListContract;
import dev.taskport.testkit.TaskRepositoryContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** SQLite keeps the promises of the port. */
class SqliteTaskRepositoryTest
    implements TaskRepositoryContract,
        TaskListContract,
        ConcurrentTaskRepositoryContract,
        KeyExpiryContract,
        ModelTaskRepositoryContract {
  private static final Path FILE = temporaryFile();
  private static final TaskRepository STORE = open();

  @Override
  public TaskRepository repository() {
    return STORE;
  }

  @Override
  public void age(UserId user, Duration time) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + FILE);
        PreparedStatement statement =
            connection.prepareStatement(
                "UPDATE keys SET claimed_at = claimed_at - ? WHERE user_id = ?")) {
      statement.setLong(1, time.toMillis());
      statement.setString(2, user.value());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError("The keys can't be made older", e);
    }
  }

  private static TaskRepository open() {
    try {
      return new SqliteTaskRepository(FILE.toString(), KEY_RETENTION);
    } catch (SQLException e) {
      throw new AssertionError("SQLite can't be opened", e);
    }
  }

  private static Path temporaryFile() {
    try {
      Path file = Files.createTempFile("tasks", ".sqlite");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new AssertionError("No temporary file", e);
    }
  }
}
