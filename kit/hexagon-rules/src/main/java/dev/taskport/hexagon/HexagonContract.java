package dev.taskport.hexagon;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

/**
 * The rules that make a hexagon. An application's architecture test implements this interface, and
 * so checks all of them, including those that later versions add. Rules that are a matter of
 * opinion are contracts of their own: {@link UseCaseContract}, {@link OwnerFirstContract}, {@link
 * ExposedTypesContract}, {@link AcyclicFilesContract}, {@link NullMarkedContract}.
 */
public interface HexagonContract {
  /** The shape of the application. Return the same object each time, because reading is slow. */
  Hexagon hexagon();

  /** The application's classes; by default, those on the class path. */
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
  default void theCoreKeepsNoStaticState() {
    new HexagonRules(hexagon()).theCoreKeepsNoStaticState().check(classes());
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
