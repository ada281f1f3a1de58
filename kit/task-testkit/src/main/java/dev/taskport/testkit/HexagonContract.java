package dev.taskport.testkit;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

/**
 * What an application of the shape of a {@link Hexagon} keeps to. An application's architecture
 * test implements this, and so keeps every rule, those added later too.
 */
public interface HexagonContract {
  /** The shape that the application should have. */
  Hexagon hexagon();

  /** The application's classes, as {@link Hexagon#importClasses} gives them; kept between calls. */
  JavaClasses classes();

  /** What each method of a port takes first: whose data it touches. */
  Class<?> owner();

  @Test
  default void everyClassIsInALayer() {
    rules().everyClassIsInALayer().check(classes());
  }

  @Test
  default void everyLayerHoldsTheClassesItShould() {
    rules().everyLayerHoldsTheClassesItShould().check(classes());
  }

  @Test
  default void everyLayerUsesOnlyWhatItMay() {
    rules().everyLayerUsesOnlyWhatItMay().check(classes());
  }

  @Test
  default void packagesAreFreeOfCycles() {
    rules().packagesAreFreeOfCycles().check(classes());
  }

  @Test
  default void everyPackageIsNullMarked() {
    rules().everyPackageIsNullMarked().check(classes());
  }

  @Test
  default void otherLayersUseOnlyWhatALayerExposes() {
    rules().otherLayersUseOnlyWhatALayerExposes().check(classes());
  }

  @Test
  default void aUseCaseIsAFinalClassWithOnePublicMethod() {
    rules().aUseCaseIsAFinalClassWithOnePublicMethod().check(classes());
  }

  @Test
  default void everyPortMethodSaysWhoseDataItTouches() {
    rules().everyPortMethodTakesFirst(owner()).check(classes());
  }

  @Test
  default void theCoreGetsTimeAndIdsFromOutside() {
    rules().theCoreGetsTimeAndIdsFromOutside().check(classes());
  }

  @Test
  default void nothingIsInjectedIntoFields() {
    rules().nothingIsInjectedIntoFields().check(classes());
  }

  @Test
  default void coreAndAdaptersLeaveTheTerminalAlone() {
    rules().coreAndAdaptersLeaveTheTerminalAlone().check(classes());
  }

  @Test
  default void nobodyUsesJavaUtilLogging() {
    rules().nobodyUsesJavaUtilLogging().check(classes());
  }

  private HexagonRules rules() {
    return new HexagonRules(hexagon());
  }
}
