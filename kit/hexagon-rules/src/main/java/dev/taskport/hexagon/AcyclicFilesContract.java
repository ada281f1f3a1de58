package dev.taskport.hexagon;

import org.junit.jupiter.api.Test;

/** The opinion that no files need each other in a circle, even inside a package. */
public interface AcyclicFilesContract extends HexagonContract {
  @Test
  default void filesAreFreeOfCycles() {
    new HexagonRules(hexagon()).filesAreFreeOfCycles().check(classes());
  }
}
