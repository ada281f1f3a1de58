package dev.taskport.hexagon;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules of a {@link Hexagon}, each to be checked on its own; {@link HexagonContract} checks
 * those that make the hexagon, and the other contracts one opinion each.
 *
 * <p>ArchUnit finds no fault with a rule about a package that doesn't exist. So these rules say
 * what is allowed, not what is forbidden; each fails when it meets no class in one of its layers;
 * and {@link #everyLayerHoldsTheClassesItShould} and {@link #everyClassIsInOneLayer} tell when a
 * package was renamed or added.
 */
public final class HexagonRules {
  private static final Set<String> INJECTING_ANNOTATIONS =
      Set.of(
          "jakarta.inject.Inject",
          "javax.inject.Inject",
          "jakarta.annotation.Resource",
          "io.micronaut.context.annotation.Property",
          "io.micronaut.context.annotation.Value",
          "org.springframework.beans.factory.annotation.Autowired",
          "org.springframework.beans.factory.annotation.Value");

  private final Hexagon hexagon;

  /** For an application of this shape. */
  public HexagonRules(Hexagon hexagon) {
    this.hexagon = hexagon;
  }

  /** No class lies beside the hexagon, where no rule would look at it, or in two layers. */
  public ArchRule everyClassIsInOneLayer() {
    return classes()
        .that(are("are of the application", hexagon::isOfApplication))
        .should(HexagonConditions.resideInOneLayer(hexagon))
        .because("a class outside the layers escapes the rules of the layers")
        .allowEmptyShould(false);
  }

  /** Each layer holds as many classes as is said of it: none was renamed away from its rules. */
  public ArchRule everyLayerHoldsTheClassesItShould() {
    return forEach(
            "every layer holds the classes that it should",
            hexagon.layers(),
            layer ->
                classes()
                    .that(topLevelIn(layer))
                    .should(HexagonConditions.numberAtLeast(layer, hexagon)))
        .because("a rule about a package that is gone is kept by everybody");
  }

  /** Each layer uses the layers that its place allows, its libraries, and nothing else. */
  public ArchRule everyLayerUsesOnlyWhatItMay() {
    return forEach(
            "every layer uses only what it may",
            hexagon.layers(),
            layer ->
                classes()
                    .that(writtenIn(layer))
                    .should(HexagonConditions.useOnlyWhatMayBeUsedBy(layer, hexagon)))
        .because("what a layer may use is listed with the hexagon");
  }

  /** Packages don't need each other in a circle. */
  public ArchRule packagesAreFreeOfCycles() {
    return slices()
        .assignedFrom(inLayersBy("packages", type -> List.of(type.getPackageName())))
        .should()
        .beFreeOfCycles()
        .because("packages in a circle can only be understood and changed together")
        .allowEmptyShould(false);
  }

  /** Files, which are top-level classes with what is nested in them, neither. */
  public ArchRule filesAreFreeOfCycles() {
    return slices()
        .assignedFrom(inLayersBy("files", type -> List.of(type.getPackageName(), fileOf(type))))
        .should()
        .beFreeOfCycles()
        .because("files in a circle can only be understood and changed together")
        .allowEmptyShould(false);
  }

  /** Each package says that what may be null is marked. */
  public ArchRule everyPackageIsNullMarked() {
    return forEach(
            "every package is @NullMarked",
            hexagon.layers(),
            layer ->
                classes()
                    .that(writtenIn(layer))
                    .should(HexagonConditions.resideInANullMarkedPackage()))
        .because("the compiler checks for null only what is marked so");
  }

  /**
   * Of an adapter's or the app's classes, other layers use only those that it exposes. A class may
   * be public for its layer's other packages.
   */
  public ArchRule otherLayersUseOnlyWhatALayerExposes() {
    if (hexagon.outside().isEmpty()) {
      throw new IllegalStateException(
          "The hexagon has neither adapters nor an app: say them by drivingAdapters(…), drivenAdapters(…) or app(…)");
    }
    return forEach(
            "other layers use only what a layer exposes",
            hexagon.outside(),
            layer ->
                classes()
                    .that(topLevelIn(layer))
                    .should(HexagonConditions.beUsedOutsideOnlyIfExposedBy(layer, hexagon)))
        .because("what others may depend on is listed with the hexagon");
  }

  /** A use case is the driving port itself: one class, one thing that it does. */
  public ArchRule aUseCaseIsAFinalClassWithOnePublicMethod() {
    Layer application = hexagon.application();
    if (application == null) {
      throw new IllegalStateException(
          "The hexagon has no use cases: say their layer by application(…)");
    }
    return classes()
        .that(are("are use cases in " + application, type -> isUseCase(type, application)))
        .should(HexagonConditions.beFinalWithOnePublicMethod())
        .because("a use case needs neither an interface nor company")
        .allowEmptyShould(false);
  }

  /**
   * Each method of a port, inherited ones too, takes first whose data it touches. A port is an
   * interface of the core that {@link Hexagon#ports} knows.
   *
   * @param owner the type of that, such as a user's or a tenant's id
   */
  public ArchRule everyPortMethodTakesFirst(Class<?> owner) {
    return classes()
        .that(are("are ports, as ports(…) says", hexagon::isPort))
        .and()
        .areInterfaces()
        .should(HexagonConditions.takeInEveryMethodFirst(owner))
        .because("there must be no way to write a query that forgets it")
        .allowEmptyShould(false);
  }

  /**
   * The core asks no clock of the system's, draws nothing at random, and asks neither the process
   * (environment, properties, default locale, class path) nor the machine (other processes).
   */
  public ArchRule theCoreGetsItsInputFromOutside() {
    return forEach(
            "the core gets its input from outside",
            hexagon.core(),
            layer ->
                noClasses().that(in(layer)).should().accessTargetWhere(AmbientInput.IS_ASKED_FOR))
        .because("a test must be able to say what time it is and which id comes next");
  }

  /** What a class needs comes through its constructor. */
  public ArchRule nothingIsInjectedIntoFields() {
    return noFields()
        .that()
        .areDeclaredInClassesThat(are("are in a layer", hexagon::isInALayer))
        .should()
        .beAnnotatedWith(
            are(
                "annotations that inject",
                annotation ->
                    INJECTING_ANNOTATIONS.contains(annotation.getRawType().getFullName())))
        .because("an object that its constructor leaves unfinished can't be made by hand")
        .allowEmptyShould(false);
  }

  /** Only the app, which people start, reads from the terminal and prints to it. */
  public ArchRule coreAndAdaptersLeaveTheTerminalAlone() {
    return forEach(
            "core and adapters leave the terminal alone",
            Stream.concat(hexagon.core().stream(), hexagon.adapters().stream()).toList(),
            layer ->
                noClasses()
                    .that(in(layer))
                    .should()
                    .accessTargetWhere(AmbientInput.IS_THE_TERMINAL))
        .because("what is printed past the log is lost");
  }

  /** Nobody logs through {@code java.util.logging}; it may be led into the log that there is. */
  public ArchRule nobodyUsesJavaUtilLogging() {
    return noClasses()
        .that(are("are in a layer", hexagon::isInALayer))
        .should()
        .accessTargetWhere(AmbientInput.IS_JAVA_UTIL_LOGGING)
        .because("there is one log, and one place to configure it")
        .allowEmptyShould(false);
  }

  private static boolean isUseCase(JavaClass type, Layer application) {
    return application.holds(type)
        && type.isTopLevelClass()
        && HexagonConditions.isPublic(type)
        && !type.isInterface()
        && !type.isEnum()
        && !type.isRecord()
        && !type.isAssignableTo(Throwable.class);
  }

  private DescribedPredicate<JavaClass> in(Layer layer) {
    return describe("are in " + hexagon.describe(layer), layer::holds);
  }

  /**
   * The classes of a layer, without those that an annotation processor adds beside ours, such as
   * Micronaut's {@code $Name$Definition}: they are public and use the framework's internals, and
   * nobody here can have it otherwise. They are told by an annotation named {@code Generated}, for
   * a name of a class anyone can choose. In the core they stay in: there they show that a framework
   * is at work.
   */
  private DescribedPredicate<JavaClass> writtenIn(Layer layer) {
    return describe("are in " + hexagon.describe(layer), type -> isWrittenIn(layer, type));
  }

  private boolean isWrittenIn(Layer layer, JavaClass type) {
    return layer.holds(type)
        && (hexagon.core().contains(layer) || !HexagonConditions.IS_GENERATED.test(type));
  }

  private DescribedPredicate<JavaClass> topLevelIn(Layer layer) {
    return describe(
        "are top-level classes in " + hexagon.describe(layer),
        type -> isWrittenIn(layer, type) && HexagonConditions.IS_TOP_LEVEL.test(type));
  }

  private SliceAssignment inLayersBy(String what, Function<JavaClass, List<String>> identifier) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return hexagon.layers().stream().anyMatch(layer -> isWrittenIn(layer, type))
            ? SliceIdentifier.of(identifier.apply(type))
            : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return what + " of the layers";
      }
    };
  }

  /** The name of its top-level class, as classes in one file always share it. */
  private static String fileOf(JavaClass type) {
    return type.getEnclosingClass().map(HexagonRules::fileOf).orElseGet(type::getSimpleName);
  }

  private static <T> DescribedPredicate<T> are(String description, Predicate<? super T> predicate) {
    return describe(description, predicate);
  }

  private static ArchRule forEach(
      String description, List<Layer> layers, Function<Layer, ArchRule> rule) {
    return CompositeArchRule.of(
            layers.stream().map(layer -> rule.apply(layer).allowEmptyShould(false)).toList())
        .as(description);
  }
}
