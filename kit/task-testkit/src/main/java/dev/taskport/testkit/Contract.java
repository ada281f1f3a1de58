package dev.taskport.testkit;

import dev.taskport.domain.TaskRepository;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What all contracts have in common. A failure says which promise is broken, and by which
 * operation. Each test runs on its own thread, so that it fails if the store never answers.
 */
@ExtendWith(TellingFailures.class)
public interface Contract extends Patience {

  /** The store under test. */
  TaskRepository repository();
}
