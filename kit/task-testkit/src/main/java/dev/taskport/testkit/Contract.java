package dev.taskport.testkit;

import dev.taskport.domain.TaskRepository;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What all contracts have in common. A failure says which promise is broken, by which operation.
 * Each test runs on a thread of its own, so that a store that never answers fails it.
 */
@ExtendWith(TellingFailures.class)
public interface Contract {

  /** The store under test. */
  TaskRepository repository();

  /**
   * How long one test may take before the store counts as stuck; not how fast a store should be.
   */
  default Duration patience() {
    return Duration.ofMinutes(2);
  }
}
