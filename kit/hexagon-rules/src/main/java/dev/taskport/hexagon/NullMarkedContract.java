package dev.taskport.hexagon;

import org.junit.jupiter.api.Test;

/** The opinion that every package is marked with JSpecify's {@code @NullMarked}. */
public interface NullMarkedContract extends HexagonContract {
  @Test
  default void everyPackageIsNullMarked() {
    new HexagonRules(hexagon()).everyPackageIsNullMarked().check(classes());
  }
}
