package dev.taskport.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules of a {@link Hexagon}, each to be checked on its own; {@link HexagonContract} checks
 * them all.
 *
 * <p>ArchUnit finds no fault with a rule about a package that doesn't exist. So these rules say
 * what is allowed, not what is forbidden; each fails when it meets no class in one of its layers;
 * and {@link #everyLayerHoldsTheClassesItShould} and {@link #everyClassIsInALayer} tell when a
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

  /** No class lies beside the hexagon, where no rule would look at it. */
  public ArchRule everyClassIsInALayer() {
    return classes()
        .should()
        .resideInAnyPackage(
            hexagon.layers().stream()
                .map(layer -> layer.packageName() + "..")
                .toArray(String[]::new))
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
                    .that(are("are top-level classes of " + layer.packageName(), topLevelIn(layer)))
                    .should(HexagonConditions.numberAtLeast(layer)))
        .because("a rule about a package that is gone is kept by everybody");
  }

  /** Each layer uses the layers that its place allows, its libraries, and nothing else. */
  public ArchRule everyLayerUsesOnlyWhatItMay() {
    return forEach(
            "every layer uses only what it may",
            hexagon.layers(),
            layer ->
                classes()
                    .that(are("are written in " + layer.packageName(), writtenIn(layer)))
                    .should()
                    .onlyDependOnClassesThat(hexagon.usableBy(layer)))
        .because("what a layer may use is listed with the hexagon");
  }

  /** Packages don't need each other in a circle. */
  public ArchRule packagesAreFreeOfCycles() {
    return slices()
        .matching(hexagon.root() + ".(**)")
        .should()
        .beFreeOfCycles()
        .because("packages in a circle can only be understood and changed together")
        .allowEmptyShould(false);
  }

  /** Each package says that what may be null is marked. */
  public ArchRule everyPackageIsNullMarked() {
    return forEach(
            "every package is @NullMarked",
            hexagon.layers(),
            layer ->
                classes()
                    .that(are("are written in " + layer.packageName(), writtenIn(layer)))
                    .should(HexagonConditions.resideInANullMarkedPackage()))
        .because("the compiler checks for null only what is marked so");
  }

  /**
   * Of an adapter's or the app's classes, other layers use only those that it exposes. A class may
   * be public for its layer's other packages.
   */
  public ArchRule otherLayersUseOnlyWhatALayerExposes() {
    return forEach(
            "other layers use only what a layer exposes",
            Stream.concat(hexagon.adapters().stream(), Stream.of(hexagon.app())).toList(),
            layer ->
                classes()
                    .that(are("are top-level classes of " + layer.packageName(), topLevelIn(layer)))
                    .should(HexagonConditions.beUsedOutsideOnlyIfExposedBy(layer)))
        .because("what others may depend on is listed with the hexagon");
  }

  /** A use case is the driving port itself: one class, one thing that it does. */
  public ArchRule aUseCaseIsAFinalClassWithOnePublicMethod() {
    return classes()
        .that(are("are use cases", this::isUseCase))
        .should(HexagonConditions.beFinalWithOnePublicMethod())
        .because("a use case needs neither an interface nor company")
        .allowEmptyShould(false);
  }

  /**
   * Each method of a port, which is an interface of the domain that is named {@code …Repository},
   * takes first whose data it touches.
   *
   * @param owner the type of that, such as a user's or a tenant's id
   */
  public ArchRule everyPortMethodTakesFirst(Class<?> owner) {
    return classes()
        .that()
        .resideInAPackage(hexagon.domain().packageName() + "..")
        .and()
        .areInterfaces()
        .and()
        .haveSimpleNameEndingWith("Repository")
        .should(HexagonConditions.takeInEveryMethodFirst(owner))
        .because("there must be no way to write a query that forgets it")
        .allowEmptyShould(false);
  }

  /** The core asks no clock of the system's and draws nothing at random. */
  public ArchRule theCoreGetsTimeAndIdsFromOutside() {
    return forEach(
            "the core gets time and ids from outside",
            hexagon.core(),
            layer ->
                noClasses()
                    .that(layer.classes())
                    .should()
                    .accessTargetWhere(AmbientInput.IS_ASKED_FOR))
        .because("a test must be able to say what time it is and which id comes next");
  }

  /** What a class needs comes through its constructor. */
  public ArchRule nothingIsInjectedIntoFields() {
    return noFields()
        .that()
        .areDeclaredInClassesThat(hexagon.classesOfLayers())
        .should()
        .beAnnotatedWith(
            are(
                "annotations that inject",
                annotation ->
                    INJECTING_ANNOTATIONS.contains(annotation.getRawType().getFullName())))
        .because("an object that its constructor leaves unfinished can't be made by hand")
        .allowEmptyShould(false);
  }

  /** Only the app, which people start, speaks to the terminal; nobody else does. */
  public ArchRule coreAndAdaptersLeaveTheTerminalAlone() {
    return forEach(
            "core and adapters leave the terminal alone",
            Stream.concat(hexagon.core().stream(), hexagon.adapters().stream()).toList(),
            layer -> noClasses().that(layer.classes()).should(ACCESS_STANDARD_STREAMS))
        .because("what is printed past the log is lost");
  }

  /** Nobody logs through {@code java.util.logging}. */
  public ArchRule nobodyUsesJavaUtilLogging() {
    return noClasses()
        .that(are("are in a layer", hexagon.classesOfLayers()))
        .should(USE_JAVA_UTIL_LOGGING)
        .because("there is one log, and one place to configure it")
        .allowEmptyShould(false);
  }

  private boolean isUseCase(JavaClass type) {
    return hexagon.application().classes().test(type)
        && type.isTopLevelClass()
        && HexagonConditions.isPublic(type)
        && !type.isInterface()
        && !type.isEnum()
        && !type.isRecord()
        && !type.isAssignableTo(Throwable.class);
  }

  /**
   * The classes of a layer, without those that Micronaut's annotation processors add beside ours,
   * such as {@code $Name$Definition}: they are public and use the framework's internals, and nobody
   * here can have it otherwise. They are told by the annotation that they bear, for a name anyone
   * can choose. In the core they stay in: there they show that a framework is at work.
   */
  private DescribedPredicate<JavaClass> writtenIn(Layer layer) {
    return hexagon.core().contains(layer)
        ? layer.classes()
        : layer.classes().and(DescribedPredicate.not(HexagonConditions.IS_GENERATED));
  }

  private DescribedPredicate<JavaClass> topLevelIn(Layer layer) {
    return writtenIn(layer).and(HexagonConditions.IS_TOP_LEVEL);
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
