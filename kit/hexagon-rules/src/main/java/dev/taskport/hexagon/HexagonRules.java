package dev.taskport.hexagon;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules of a {@link Hexagon}. Each can be checked alone. {@link HexagonContract} checks those
 * that make the hexagon, and each of the other contracts one opinion.
 *
 * <p>ArchUnit accepts a rule about a package that doesn't exist. So these rules say what is
 * allowed, not what is forbidden, and each fails if one of its layers has no class. {@link
 * #everyLayerHoldsTheClassesItShould} and {@link #everyClassIsInOneLayer} fail when a package was
 * renamed or added.
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

  /** The rules for an application of this shape. */
  public HexagonRules(Hexagon hexagon) {
    this.hexagon = hexagon;
  }

  /** Every class is in exactly one layer. Outside of all layers, no rule would check it. */
  public ArchRule everyClassIsInOneLayer() {
    return classes()
        .that(are("are of the application", hexagon::isOfApplication))
        .should(HexagonConditions.resideInOneLayer(hexagon))
        .because("a class outside the layers escapes the rules of the layers")
        .allowEmptyShould(false);
  }

  /** Each layer has at least as many classes as it says, so none was renamed or moved away. */
  public ArchRule everyLayerHoldsTheClassesItShould() {
    return forEach(
            "every layer holds the classes that it should",
            hexagon.layers(),
            this::topLevelIn,
            layer -> HexagonConditions.numberAtLeast(layer, hexagon))
        .because("a rule about a package that is gone is kept by everybody");
  }

  /** Each layer uses only the layers that its place allows, and its libraries. */
  public ArchRule everyLayerUsesOnlyWhatItMay() {
    return forEach(
            "every layer uses only what it may",
            hexagon.layers(),
            this::writtenIn,
            layer -> HexagonConditions.useOnlyWhatMayBeUsedBy(layer, hexagon))
        .because("what a layer may use is listed with the hexagon");
  }

  /** Packages don't depend on each other in a cycle. */
  public ArchRule packagesAreFreeOfCycles() {
    return slices()
        .assignedFrom(inLayersBy("packages", type -> List.of(type.getPackageName())))
        .should()
        .beFreeOfCycles()
        .because("packages in a circle can only be understood and changed together")
        .allowEmptyShould(false);
  }

  /**
   * Files don't depend on each other in a cycle. A file is a top-level class with its nested ones.
   */
  public ArchRule filesAreFreeOfCycles() {
    return slices()
        .assignedFrom(inLayersBy("files", type -> List.of(type.getPackageName(), fileOf(type))))
        .should()
        .beFreeOfCycles()
        .because("files in a circle can only be understood and changed together")
        .allowEmptyShould(false);
  }

  /** Each package is annotated with {@code @NullMarked}. */
  public ArchRule everyPackageIsNullMarked() {
    return forEach(
            "every package is @NullMarked",
            hexagon.layers(),
            this::writtenIn,
            layer -> HexagonConditions.resideInANullMarkedPackage())
        .because("the compiler checks for null only what is marked so");
  }

  /**
   * Other layers use only the classes that an adapter or the app exposes. Other classes may be
   * public for the packages of their own layer.
   */
  public ArchRule otherLayersUseOnlyWhatALayerExposes() {
    if (hexagon.outside().isEmpty()) {
      throw new IllegalStateException(
          "The hexagon has neither adapters nor an app: say them by drivingAdapters(…), drivenAdapters(…) or app(…)");
    }
    return forEach(
            "other layers use only what a layer exposes",
            hexagon.outside(),
            this::topLevelIn,
            layer -> HexagonConditions.beUsedOutsideOnlyIfExposedBy(layer, hexagon))
        .because("what others may depend on is listed with the hexagon");
  }

  /** Each use case is a final class with one public method: it is itself the driving port. */
  public ArchRule aUseCaseIsAFinalClassWithOnePublicMethod() {
    Layer application = hexagon.application();
    if (application == null) {
      throw new IllegalStateException(
          "The hexagon has no use cases: say their layer by application(…)");
    }
    return classes()
        .that(are("are use cases in " + application, type -> isUseCase(type, application)))
        .should(
            HexagonConditions.ofSome(
                HexagonConditions.beFinalWithOnePublicMethod(),
                "%s holds no public class: say in Layer.in(…) where the use cases are"
                    .formatted(hexagon.describe(application))))
        .because("a use case needs neither an interface nor company")
        .allowEmptyShould(true);
  }

  /**
   * The first parameter of each method of a port, including inherited ones, says whose data the
   * method uses. A port is an interface of the core that {@link Hexagon#ports} accepts.
   *
   * @param owner the type of this parameter, such as a user's or a tenant's id
   */
  public ArchRule everyPortMethodTakesFirst(Class<?> owner) {
    return classes()
        .that(are("are ports, as ports(…) says", hexagon::isPort))
        .and()
        .areInterfaces()
        .should(
            HexagonConditions.ofSome(
                HexagonConditions.takeInEveryMethodFirst(owner),
                "No interface of the core is a port: say by ports(…) which are"))
        .because("there must be no way to write a query that forgets it")
        .allowEmptyShould(true);
  }

  /**
   * The core doesn't read the system's clock, random values, the process (environment, properties,
   * default locale, class path) or the machine (other processes).
   */
  public ArchRule theCoreGetsItsInputFromOutside() {
    return forEach(
            "the core gets its input from outside",
            hexagon.core(),
            this::in,
            layer -> never(accessTargetWhere(AmbientInput.IS_ASKED_FOR)))
        .because("a test must be able to say what time it is and which id comes next");
  }

  /** The core remembers nothing between calls but in objects: its static fields are final. */
  public ArchRule theCoreKeepsNoStaticState() {
    return forEach(
            "the core keeps no static state",
            hexagon.core(),
            this::in,
            layer -> HexagonConditions.haveOnlyFinalStaticFields(layer, hexagon))
        .because("what one test or one user leaves there, the next one finds");
  }

  /** Classes get what they need through their constructors, not by injection into fields. */
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

  /** Only the app reads from the terminal and prints to it. */
  public ArchRule coreAndAdaptersLeaveTheTerminalAlone() {
    return forEach(
            "core and adapters leave the terminal alone",
            Stream.concat(hexagon.core().stream(), hexagon.adapters().stream()).toList(),
            this::in,
            layer -> never(accessTargetWhere(AmbientInput.IS_THE_TERMINAL)))
        .because("what is printed past the log is lost");
  }

  /** No class logs through {@code java.util.logging}. Redirecting it is allowed. */
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
   * The classes of a layer. Outside the core, this leaves out the classes that an annotation
   * processor adds, such as Micronaut's {@code $Name$Definition}: they are public and use the
   * framework's internals, which the application can't change. They are recognized by an annotation
   * named {@code Generated}. In the core they are checked, because they show that a framework is in
   * use there.
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

  /** The name of the file: that of its top-level class. */
  private static String fileOf(JavaClass type) {
    return type.getEnclosingClass().map(HexagonRules::fileOf).orElseGet(type::getSimpleName);
  }

  private static <T> DescribedPredicate<T> are(String description, Predicate<? super T> predicate) {
    return describe(description, predicate);
  }

  /** Fails for a layer without classes, too; then what is wrong with the others is still told. */
  private ArchRule forEach(
      String description,
      List<Layer> layers,
      Function<Layer, DescribedPredicate<JavaClass>> classesOf,
      Function<Layer, ArchCondition<JavaClass>> conditionOf) {
    List<ArchRule> rules = new ArrayList<>();
    for (Layer layer : layers) {
      String empty =
          "%s holds no class: say in Layer.in(…) where its classes are, or take the layer out of the Hexagon"
              .formatted(hexagon.describe(layer));
      rules.add(
          classes()
              .that(classesOf.apply(layer))
              .should(HexagonConditions.ofSome(conditionOf.apply(layer), empty))
              .allowEmptyShould(true));
    }
    return CompositeArchRule.of(rules).as(description);
  }
}
