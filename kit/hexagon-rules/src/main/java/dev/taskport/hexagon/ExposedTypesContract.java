package dev.taskport.hexagon;

import org.junit.jupiter.api.Test;

/** The opinion that adapters and app list what others may use of them. */
public interface ExposedTypesContract extends HexagonContract {
  @Test
  default void otherLayersUseOnlyWhatALayerExposes() {
    new HexagonRules(hexagon()).otherLayersUseOnlyWhatALayerExposes().check(classes());
  }
}
