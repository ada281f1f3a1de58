package dev.taskport.hexagon;

import org.junit.jupiter.api.Test;

/** The opinion that the first parameter of each method of a port says whose data it uses. */
public interface OwnerFirstContract extends HexagonContract {
  /** The type of this parameter, such as a user's or a tenant's id. */
  Class<?> owner();

  @Test
  default void everyPortMethodSaysWhoseDataItTouches() {
    new HexagonRules(hexagon()).everyPortMethodTakesFirst(owner()).check(classes());
  }
}
