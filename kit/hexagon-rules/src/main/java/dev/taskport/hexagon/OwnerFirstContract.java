package dev.taskport.hexagon;

import org.junit.jupiter.api.Test;

/** The opinion that each method of a port says first whose data it touches. */
public interface OwnerFirstContract extends HexagonContract {
  /** What each method of a port takes first, such as a user's or a tenant's id. */
  Class<?> owner();

  @Test
  default void everyPortMethodSaysWhoseDataItTouches() {
    new HexagonRules(hexagon()).everyPortMethodTakesFirst(owner()).check(classes());
  }
}
