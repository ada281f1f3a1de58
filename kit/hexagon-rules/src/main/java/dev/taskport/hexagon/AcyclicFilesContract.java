package dev.taskport.hexagon;

import org.junit.jupiter.api.Test;

/** The opinion that files must not depend on each other in a cycle, even inside a package. */
public interface AcyclicFilesContract extends HexagonContract {
  @Test
  default void filesAreFreeOfCycles() {
    new HexagonRules(hexagon()).filesAreFreeOfCycles().check(classes());
  }
}
