package dev.taskport.testkit;

import dev.taskport.domain.TaskRepository;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What all contracts have in common. A failure says which promise is broken, and by which
 * operation. Each test runs on its own thread, so that it fails if the store never answers.
 */
@ExtendWith(TellingFailures.class)
public interface Contract {

  /** The store under test. */
  TaskRepository repository();

  /** How long a test may take before the store counts as stuck. This is not a measure of speed. */
  default Duration patience() {
    return Duration.ofMinutes(2);
  }
}
