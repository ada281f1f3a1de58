package dev.taskport.hexagon;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

/**
 * What makes a hexagon. An application's architecture test says its shape by implementing this, and
 * so keeps these rules, those added later too. What one may like otherwise is in contracts of its
 * own: {@link UseCaseContract}, {@link OwnerFirstContract}, {@link ExposedTypesContract}, {@link
 * AcyclicFilesContract}, {@link NullMarkedContract}.
 */
public interface HexagonContract {
  /** The shape that the application should have; the same object at each call, for speed. */
  Hexagon hexagon();

  /** The application's classes: those on the class path, unless said otherwise. */
  default JavaClasses classes() {
    return hexagon().classes();
  }

  @Test
  default void everyClassIsInOneLayer() {
    new HexagonRules(hexagon()).everyClassIsInOneLayer().check(classes());
  }

  @Test
  default void everyLayerHoldsTheClassesItShould() {
    new HexagonRules(hexagon()).everyLayerHoldsTheClassesItShould().check(classes());
  }

  @Test
  default void everyLayerUsesOnlyWhatItMay() {
    new HexagonRules(hexagon()).everyLayerUsesOnlyWhatItMay().check(classes());
  }

  @Test
  default void packagesAreFreeOfCycles() {
    new HexagonRules(hexagon()).packagesAreFreeOfCycles().check(classes());
  }

  @Test
  default void theCoreGetsItsInputFromOutside() {
    new HexagonRules(hexagon()).theCoreGetsItsInputFromOutside().check(classes());
  }

  @Test
  default void nothingIsInjectedIntoFields() {
    new HexagonRules(hexagon()).nothingIsInjectedIntoFields().check(classes());
  }

  @Test
  default void coreAndAdaptersLeaveTheTerminalAlone() {
    new HexagonRules(hexagon()).coreAndAdaptersLeaveTheTerminalAlone().check(classes());
  }

  @Test
  default void nobodyUsesJavaUtilLogging() {
    new HexagonRules(hexagon()).nobodyUsesJavaUtilLogging().check(classes());
  }
}
