package dev.taskport.hexagon;

import org.junit.jupiter.api.Test;

/** The opinion that each use case is one class, which is itself the driving port. */
public interface UseCaseContract extends HexagonContract {
  @Test
  default void aUseCaseIsAFinalClassWithOnePublicMethod() {
    new HexagonRules(hexagon()).aUseCaseIsAFinalClassWithOnePublicMethod().check(classes());
  }
}
