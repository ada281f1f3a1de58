package dev.taskport.hexagon;

import org.junit.jupiter.api.Test;

/** The opinion that a use case is a class of its own, which is the driving port, too. */
public interface UseCaseContract extends HexagonContract {
  @Test
  default void aUseCaseIsAFinalClassWithOnePublicMethod() {
    new HexagonRules(hexagon()).aUseCaseIsAFinalClassWithOnePublicMethod().check(classes());
  }
}
