package dev.taskport.hexagon;

import org.junit.jupiter.api.Test;

/** The opinion that adapters and app list which of their classes others may use. */
public interface ExposedTypesContract extends HexagonContract {
  @Test
  default void otherLayersUseOnlyWhatALayerExposes() {
    new HexagonRules(hexagon()).otherLayersUseOnlyWhatALayerExposes().check(classes());
  }
}
