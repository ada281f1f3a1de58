package dev.taskport.hexagon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.taskport.planted.domain.Owner;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each rule blames exactly those classes in {@code dev.taskport.planted} that were planted to break
 * it, by the name of their file, and none of the sound ones beside them.
 */
class HexagonRulesTest {
  private static final String ROOT = "dev.taskport.planted";
  private static final String[] JDK = {"java.lang..", "java.time..", "java.util.."};

  private static final Layer DOMAIN = Layer.in(ROOT + ".domain..").using(JDK);
  private static final Layer APPLICATION = Layer.in(ROOT + ".application..").using(JDK);
  private static final Layer WEB =
      Layer.in(ROOT + ".adapter.web..").using("java.lang..", "jakarta.inject", "org.jspecify..");
  private static final Layer STORE =
      Layer.in(ROOT + ".adapter.store..").using("..").exposing("NotesInAMap");
  private static final Layer APP = Layer.in(ROOT + ".app..").using("..").exposing("Notes");

  private static final Hexagon PLANTED =
      Hexagon.in(ROOT, DOMAIN)
          .application(APPLICATION)
          .drivingAdapters(WEB)
          .drivenAdapters(STORE)
          .app(APP)
          .ports(type -> type.getSimpleName().matches(".*Repository|For.*"));
  private static final HexagonRules RULES = new HexagonRules(PLANTED);
  private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(ROOT);

  @Test
  void aClassOutsideTheLayersIsBlamed() {
    assertBlamed(RULES.everyClassIsInOneLayer(), "Stray", "Astray");
  }

  @Test
  void aClassInTwoLayersIsBlamed() {
    Hexagon overlapping = PLANTED.app(Layer.in(ROOT + ".app..", ROOT + ".domain.egg", ROOT));

    ArchRule rule = new HexagonRules(overlapping).everyClassIsInOneLayer();

    assertBlamed(rule, "Stray", "Egg");
    assertReports(
        rule,
        "Class <dev.taskport.planted.domain.egg.Egg> is in 2 layers in (Egg.java:0), in the domain"
            + " (dev.taskport.planted.domain..) and the app (dev.taskport.planted.app..,"
            + " dev.taskport.planted.domain.egg, dev.taskport.planted): narrow the patterns in"
            + " Layer.in(…) of one");
  }

  @Test
  void aMainClassInTheRootCanBeTheApp() {
    Hexagon withMainInRoot = PLANTED.app(Layer.in(ROOT, ROOT + ".app..").using(".."));

    assertBlamed(new HexagonRules(withMainInRoot).everyClassIsInOneLayer(), "Stray");
  }

  @Test
  void aPackageThatIsLeftOutIsNotBlamed() {
    Hexagon without = PLANTED.without(ROOT + ".elsewhere..");

    assertBlamed(new HexagonRules(without).everyClassIsInOneLayer(), "Astray");
  }

  @Test
  void layersCanBeSaidByPatterns() {
    Hexagon byPatterns =
        Hexagon.in(ROOT, Layer.in("..planted.domain..").using(JDK))
            .application(Layer.in("dev.*.planted.application..").using(JDK))
            .drivingAdapters(WEB)
            .drivenAdapters(Layer.in("dev.taskport.planted.(adapter).store..").using(".."))
            .app(APP)
            .ports(type -> type.getSimpleName().matches(".*Repository|For.*"));
    HexagonRules rules = new HexagonRules(byPatterns);

    assertBlamed(rules.everyClassIsInOneLayer(), "Stray", "Astray");
    assertEquals(
        culpritsOf(RULES.everyLayerUsesOnlyWhatItMay()),
        culpritsOf(rules.everyLayerUsesOnlyWhatItMay()));
  }

  @Test
  void aLayerThatLiesElsewhereIsReadAndTheTestsAreNot() {
    Hexagon elsewhere = Hexagon.in(ROOT, Layer.in("dev.*.hexagon..", "com.tngtech.archunit.base"));

    Set<String> packages =
        elsewhere.classes().stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

    assertEquals(Set.of("com.tngtech.archunit.base", "dev.taskport.hexagon"), packages);
    assertFalse(elsewhere.classes().contain(HexagonRulesTest.class));
  }

  @Test
  void aHexagonWithoutApplicationAndAppIsHeldToTheRest() {
    HexagonRules rules =
        new HexagonRules(
            Hexagon.in(ROOT, DOMAIN)
                .drivenAdapters(STORE)
                .without(ROOT + ".app", ROOT + ".application", ROOT + ".adapter.web"));

    assertBlamed(rules.everyClassIsInOneLayer(), "Stray", "Astray");
    assertBlamed(rules.otherLayersUseOnlyWhatALayerExposes(), new String[0]);
    assertBlamed(rules.coreAndAdaptersLeaveTheTerminalAlone(), "Prints", "ReadsTheTerminal");
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, rules::aUseCaseIsAFinalClassWithOnePublicMethod);
    assertEquals(
        "The hexagon has no use cases: say their layer by application(…)", failure.getMessage());
  }

  @Test
  void aHexagonOfADomainAloneHasNothingToExpose() {
    HexagonRules rules = new HexagonRules(Hexagon.in(ROOT, DOMAIN));

    assertThrows(IllegalStateException.class, rules::otherLayersUseOnlyWhatALayerExposes);
  }

  @Test
  void aLayerThatUsesWhatItMayNotIsBlamed() {
    assertBlamed(
        RULES.everyLayerUsesOnlyWhatItMay(),
        "UsesTheApplication",
        "UsesTheStore",
        "UsesAnAdapter",
        "UsesTheApp",
        "WearsAnAnnotation",
        "HoldsFiles",
        "KeepsASecureSource",
        "Prints",
        "$Note$Definition",
        "UsesTheOtherAdapter",
        "UsesAForeignLibrary",
        "CallsAUseCase",
        "UsesWhatIsInNoLayer");
  }

  @Test
  void theBlameNamesTheLayerAndTheListToExtend() {
    assertReports(
        RULES.everyLayerUsesOnlyWhatItMay(),
        "Class <dev.taskport.planted.domain.WearsAnAnnotation> is annotated with"
            + " <org.junit.jupiter.api.Tag> in (WearsAnAnnotation.java:0): if the domain"
            + " (dev.taskport.planted.domain..) may use it, add \"org.junit.jupiter.api\" to"
            + " using(…) of Layer.in(\"dev.taskport.planted.domain..\")",
        "(CallsAUseCase.java:9): the driven adapter (dev.taskport.planted.adapter.store..) uses"
            + " no other layer than the domain and the ports, and TakeNote is in the application"
            + " (dev.taskport.planted.application..)",
        "(UsesWhatIsInNoLayer.java:5): Astray is in no layer; add \"dev.taskport.planted\" to"
            + " Layer.in(…) of the layer where it belongs");
    assertReports(
        RULES.everyClassIsInOneLayer(),
        "Class <dev.taskport.planted.elsewhere.Stray> is in no layer in (Stray.java:0): add"
            + " \"dev.taskport.planted.elsewhere\" to Layer.in(…) of the layer where it belongs, or"
            + " to without(…) if it is no part of the application");
    assertReports(
        RULES.otherLayersUseOnlyWhatALayerExposes(),
        "(UsesWhatIsNotExposed.java:10): the driven adapter"
            + " (dev.taskport.planted.adapter.store..) does not expose it; if others may use it, add"
            + " \"NotExposed\" to exposing(…) of Layer.in(\"dev.taskport.planted.adapter.store..\")");
  }

  @Test
  void aDrivenAdapterThatUsesTheApplicationBeyondItsPortsIsBlamed() {
    Hexagon portsInTheDomainOnly =
        PLANTED.ports(type -> type.getSimpleName().endsWith("Repository"));

    Set<String> blamed =
        culpritsOf(new HexagonRules(portsInTheDomainOnly).everyLayerUsesOnlyWhatItMay());

    assertTrue(blamed.contains("NotesByPost"), () -> blamed.toString());
  }

  @Test
  void packagesThatNeedEachOtherAreBlamed() {
    assertReports(
        RULES.packagesAreFreeOfCycles(),
        "Slice dev.taskport.planted.domain.chicken -> ",
        "(Egg.java:");
  }

  @Test
  void filesThatNeedEachOtherAreBlamed() {
    ArchRule rule = RULES.filesAreFreeOfCycles();

    assertBlamed(rule, "Hen", "Nest", "Chicken", "Egg");
  }

  @Test
  void aPackageThatIsNotNullMarkedIsBlamed() {
    assertBlamed(RULES.everyPackageIsNullMarked(), "Unmarked");
  }

  @Test
  void aClassThatUsesWhatAnotherLayerDoesNotExposeIsBlamed() {
    assertBlamed(RULES.otherLayersUseOnlyWhatALayerExposes(), "UsesWhatIsNotExposed");
  }

  @Test
  void anExposedClassThatIsNotThereIsMissed() {
    Layer store = STORE.exposing("NotesInAMap", "NotesInAList");
    HexagonRules rules = new HexagonRules(with(store));

    assertReports(
        rules.otherLayersUseOnlyWhatALayerExposes(),
        "exposes NotesInAList, but has no public class of that name: take it out of exposing(…)");
  }

  @Test
  void aUseCaseOfAnotherShapeIsBlamed() {
    assertBlamed(
        RULES.aUseCaseIsAFinalClassWithOnePublicMethod(),
        "NotFinal",
        "TwoInOne",
        "NothingToCall",
        "Inherits");
  }

  @Test
  void aPortMethodThatForgetsTheOwnerIsBlamed() {
    ArchRule rule = RULES.everyPortMethodTakesFirst(Owner.class);

    assertBlamed(rule, "LedgerRepository", "ForPrinting");
    assertEquals(3, detailsOf(rule).size(), "print, totalUntil, and the inherited count");
  }

  @Test
  void aPortIsARepositoryUnlessSaid() {
    HexagonRules rules = new HexagonRules(Hexagon.in(ROOT, DOMAIN));

    assertBlamed(rules.everyPortMethodTakesFirst(Owner.class), "LedgerRepository");
  }

  @Test
  void aCoreThatTakesItsInputItselfIsBlamed() {
    assertBlamed(
        RULES.theCoreGetsItsInputFromOutside(),
        "AsksForTheTime",
        "RefersToTheTime",
        "TakesTheSystemsClock",
        "CountsMilliseconds",
        "DrawsAnId",
        "DrawsANumber",
        "DrawsAFraction",
        "SharesARandomSource",
        "PicksARandomSource",
        "KeepsASecureSource",
        "Shuffles",
        "StartsAProcess",
        "AsksTheRuntime",
        "ReadsTheEnvironment",
        "ReadsAProperty",
        "FollowsTheLocale",
        "ReadsAResource",
        "LooksUpAService",
        "LoadsAClass");
  }

  @Test
  void aCoreWithStaticStateIsBlamed() {
    assertBlamed(RULES.theCoreKeepsNoStaticState(), "CountsForEverybody");
  }

  @Test
  void anInjectedFieldIsBlamed() {
    assertBlamed(RULES.nothingIsInjectedIntoFields(), "InjectsIntoAField");
  }

  @Test
  void usingTheTerminalIsBlamed() {
    assertBlamed(
        RULES.coreAndAdaptersLeaveTheTerminalAlone(),
        "Prints",
        "ReadsTheTerminal",
        "PrintsAStackTrace",
        "AsksAtTheConsole");
  }

  @Test
  void anotherLogIsBlamed() {
    assertBlamed(RULES.nobodyUsesJavaUtilLogging(), "LogsItsOwnWay", "LogsInPassing");
  }

  @Test
  void aLayerWithTooFewClassesIsMissed() {
    HexagonRules rules = new HexagonRules(with(STORE.holdingAtLeast(100)));

    assertReports(
        rules.everyLayerHoldsTheClassesItShould(),
        "the driven adapter (dev.taskport.planted.adapter.store..) holds only 6 of at least 100"
            + " top-level classes");
  }

  @Test
  void theSoundLayersHoldTheirClasses() {
    RULES.everyLayerHoldsTheClassesItShould().check(CLASSES);
  }

  @Test
  void noLayerMayBeExpectedToBeEmpty() {
    assertThrows(IllegalArgumentException.class, () -> STORE.holdingAtLeast(0));
  }

  /** ArchUnit would let a rule about nothing pass if a setting of the project said so. */
  @ParameterizedTest
  @MethodSource("rulesOfAHexagonThatIsNotThere")
  void aRuleAboutPackagesThatAreNotThereFails(ArchRule rule) {
    assertThrows(AssertionError.class, () -> checkLeniently(rule));
  }

  static Stream<ArchRule> rulesOfAHexagonThatIsNotThere() {
    Hexagon nowhere =
        Hexagon.in("org.nowhere", Layer.in("org.nowhere.domain"))
            .application(Layer.in("org.nowhere.application"))
            .drivingAdapters(Layer.in("org.nowhere.web"))
            .drivenAdapters(Layer.in("org.nowhere.store"))
            .app(Layer.in("org.nowhere.app"));
    return rulesOf(new HexagonRules(nowhere));
  }

  /** One renamed adapter among sound layers is enough. */
  @Test
  void aRuleForEachLayerFailsWhenOneLayerIsNotThere() {
    HexagonRules rules = new HexagonRules(with(Layer.in(ROOT + ".adapter.moved").using("..")));

    for (ArchRule rule :
        List.of(
            rules.everyLayerHoldsTheClassesItShould(),
            rules.everyLayerUsesOnlyWhatItMay(),
            rules.everyPackageIsNullMarked(),
            rules.otherLayersUseOnlyWhatALayerExposes(),
            rules.coreAndAdaptersLeaveTheTerminalAlone())) {
      AssertionError failure = assertThrows(AssertionError.class, () -> checkLeniently(rule));
      assertTrue(
          String.valueOf(failure.getMessage()).contains(ROOT + ".adapter.moved"),
          failure.getMessage());
    }
  }

  @Test
  void aLayerThatIsNotThereIsNamedBesideWhatElseIsWrong() {
    HexagonRules rules = new HexagonRules(with(Layer.in(ROOT + ".adapter.moved").using("..")));

    assertReports(
        rules.everyLayerUsesOnlyWhatItMay(),
        "the driven adapter (dev.taskport.planted.adapter.moved) holds no class: say in"
            + " Layer.in(…) where its classes are, or take the layer out of the Hexagon",
        "(UsesAForeignLibrary.java:");
  }

  @Test
  void aHexagonWithoutPortsIsToldHowToSayThem() {
    HexagonRules rules = new HexagonRules(PLANTED.ports(type -> false));

    assertReports(
        rules.everyPortMethodTakesFirst(Owner.class),
        "No interface of the core is a port: say by ports(…) which are");
  }

  @Test
  void everyRuleIsInAContractAndIsShownToBiteHere() {
    JavaClasses kit = new ClassFileImporter().importPackages("dev.taskport.hexagon");
    List<JavaMethod> rules =
        kit.get(HexagonRules.class).getMethods().stream()
            .filter(method -> method.getRawReturnType().isEquivalentTo(ArchRule.class))
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .toList();
    assertFalse(rules.isEmpty());
    for (JavaMethod rule : rules) {
      Set<String> callers =
          rule.getCallsOfSelf().stream()
              .map(call -> call.getOriginOwner().getSimpleName())
              .collect(Collectors.toSet());
      assertTrue(
          callers.stream().anyMatch(caller -> caller.endsWith("Contract")), rule.getFullName());
      assertTrue(callers.contains("HexagonRulesTest"), rule.getFullName());
    }
  }

  /** By reflection: a rule that is added later is among them. */
  private static Stream<ArchRule> rulesOf(HexagonRules rules) {
    return Stream.of(HexagonRules.class.getMethods())
        .filter(method -> ArchRule.class.isAssignableFrom(method.getReturnType()))
        .map(method -> ruleOf(method, rules));
  }

  private static ArchRule ruleOf(Method method, HexagonRules rules) {
    try {
      Object rule =
          method.getParameterCount() == 0
              ? method.invoke(rules)
              : method.invoke(rules, Owner.class);
      return (ArchRule) rule;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Can't make the rule " + method, e);
    }
  }

  private static Hexagon with(Layer store) {
    return PLANTED.drivenAdapters(store);
  }

  private static void checkLeniently(ArchRule rule) {
    ArchConfiguration.withThreadLocalScope(
        configuration -> {
          configuration.setProperty("archRule.failOnEmptyShould", "false");
          rule.check(CLASSES);
        });
  }

  private static void assertBlamed(ArchRule rule, String... culprits) {
    assertEquals(new TreeSet<>(Set.of(culprits)), culpritsOf(rule));
  }

  private static Set<String> culpritsOf(ArchRule rule) {
    return detailsOf(rule).stream()
        .flatMap(detail -> Pattern.compile("\\(([\\w$]+)\\.java:").matcher(detail).results())
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> detailsOf(ArchRule rule) {
    return rule.evaluate(CLASSES).getFailureReport().getDetails();
  }

  private static void assertReports(ArchRule rule, String... parts) {
    AssertionError failure = assertThrows(AssertionError.class, () -> rule.check(CLASSES));
    String report = String.valueOf(failure.getMessage());
    for (String part : parts) {
      assertTrue(report.contains(part), () -> part + " is missing in " + report);
    }
  }
}
