package dev.taskport.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
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

  private static final Layer DOMAIN = Layer.in(ROOT + ".domain").using(JDK);
  private static final Layer APPLICATION = Layer.in(ROOT + ".application").using(JDK);
  private static final Layer WEB =
      Layer.in(ROOT + ".adapter.web").using("java.lang..", "jakarta.inject", "org.jspecify..");
  private static final Layer STORE =
      Layer.in(ROOT + ".adapter.store").using("..").exposing("NotesInAMap");
  private static final Layer APP = Layer.in(ROOT + ".app").using("..").exposing("Notes");

  private static final Hexagon PLANTED =
      new Hexagon(ROOT, DOMAIN, APPLICATION, List.of(WEB), List.of(STORE), APP);
  private static final HexagonRules RULES = new HexagonRules(PLANTED);
  private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(ROOT);

  @Test
  void aClassOutsideTheLayersIsBlamed() {
    assertBlamed(RULES.everyClassIsInALayer(), "Stray", "Astray");
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
        "Prints",
        "$Note$Definition",
        "UsesTheOtherAdapter",
        "UsesAForeignLibrary",
        "CallsAUseCase",
        "UsesWhatIsInNoLayer");
  }

  @Test
  void theBlameSaysWhoUsesWhatAndWhere() {
    String report = failureOf(RULES.everyLayerUsesOnlyWhatItMay());

    assertTrue(
        report.contains(
            "Class <dev.taskport.planted.domain.WearsAnAnnotation> is annotated with"
                + " <org.junit.jupiter.api.Tag> in (WearsAnAnnotation.java:0)"),
        report);
  }

  @Test
  void packagesThatNeedEachOtherAreBlamed() {
    String report = failureOf(RULES.packagesAreFreeOfCycles());

    assertTrue(report.contains("Slice domain.chicken -> "), report);
    assertTrue(report.contains("(Egg.java:"), report);
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

    String report = failureOf(rules.otherLayersUseOnlyWhatALayerExposes());

    assertTrue(
        report.contains("exposes NotesInAList, but has no public class of that name"), report);
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

    assertBlamed(rule, "LedgerRepository");
    assertEquals(2, detailsOf(rule).size(), "totalUntil and the inherited count");
  }

  @Test
  void aCoreWithAClockOrARandomSourceOfItsOwnIsBlamed() {
    assertBlamed(
        RULES.theCoreGetsTimeAndIdsFromOutside(),
        "AsksForTheTime",
        "RefersToTheTime",
        "TakesTheSystemsClock",
        "CountsMilliseconds",
        "DrawsAnId",
        "DrawsANumber");
  }

  @Test
  void anInjectedFieldIsBlamed() {
    assertBlamed(RULES.nothingIsInjectedIntoFields(), "InjectsIntoAField");
  }

  @Test
  void printingPastTheLogIsBlamed() {
    assertBlamed(RULES.coreAndAdaptersLeaveTheTerminalAlone(), "Prints", "PrintsAStackTrace");
  }

  @Test
  void anotherLogIsBlamed() {
    assertBlamed(RULES.nobodyUsesJavaUtilLogging(), "LogsItsOwnWay");
  }

  @Test
  void aLayerWithTooFewClassesIsMissed() {
    HexagonRules rules = new HexagonRules(with(STORE.holdingAtLeast(100)));

    String report = failureOf(rules.everyLayerHoldsTheClassesItShould());

    assertTrue(
        report.contains(ROOT + ".adapter.store holds only 5 of at least 100 top-level classes"),
        report);
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
        new Hexagon(
            "org.nowhere",
            Layer.in("org.nowhere.domain"),
            Layer.in("org.nowhere.application"),
            List.of(Layer.in("org.nowhere.web")),
            List.of(Layer.in("org.nowhere.store")),
            Layer.in("org.nowhere.app"));
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
  void everyRuleIsInTheContractAndIsShownToBiteHere() {
    JavaClasses kit = new ClassFileImporter().importPackages("dev.taskport.testkit");
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
      assertTrue(callers.contains("HexagonContract"), rule.getFullName());
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
    return new Hexagon(ROOT, DOMAIN, APPLICATION, List.of(WEB), List.of(store), APP);
  }

  private static void checkLeniently(ArchRule rule) {
    ArchConfiguration.withThreadLocalScope(
        configuration -> {
          configuration.setProperty("archRule.failOnEmptyShould", "false");
          rule.check(CLASSES);
        });
  }

  private static void assertBlamed(ArchRule rule, String... culprits) {
    Set<String> blamed =
        detailsOf(rule).stream()
            .flatMap(detail -> Pattern.compile("\\(([\\w$]+)\\.java:").matcher(detail).results())
            .map((MatchResult match) -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(Set.of(culprits)), blamed);
  }

  private static List<String> detailsOf(ArchRule rule) {
    return rule.evaluate(CLASSES).getFailureReport().getDetails();
  }

  private static String failureOf(ArchRule rule) {
    AssertionError failure = assertThrows(AssertionError.class, () -> rule.check(CLASSES));
    return String.valueOf(failure.getMessage());
  }
}
