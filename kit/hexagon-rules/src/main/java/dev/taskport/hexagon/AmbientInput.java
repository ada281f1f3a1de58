package dev.taskport.hexagon;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/**
 * Input that code can get from the JDK without a parameter: the time, random values, and facts
 * about the process, its class path, the machine and the terminal.
 */
final class AmbientInput {
  /** Calls and method references ({@code Instant::now}) alike. */
  static final DescribedPredicate<JavaAccess<?>> IS_ASKED_FOR =
      DescribedPredicate.describe(
          "ask for the time, draw at random, or ask the process, its class path or the machine",
          access -> isAmbient(access.getTarget()));

  static final DescribedPredicate<JavaAccess<?>> IS_THE_TERMINAL =
      DescribedPredicate.describe("use the terminal", access -> isTerminal(access.getTarget()));

  static final DescribedPredicate<JavaAccess<?>> IS_JAVA_UTIL_LOGGING =
      DescribedPredicate.describe(
          "use a logger of java.util.logging",
          access -> ownerOf(access.getTarget()).equals("java.util.logging.Logger"));

  /** The methods of {@link System} whose results don't depend on the environment. */
  private static final Set<String> PURE_METHODS_OF_SYSTEM = Set.of("arraycopy", "identityHashCode");

  private static final Set<String> TYPES =
      Set.of(
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.util.ResourceBundle",
          "java.util.ServiceLoader",
          "java.util.concurrent.ThreadLocalRandom",
          "java.util.random.RandomGeneratorFactory");

  private static final Map<String, Set<String>> METHODS =
      Map.ofEntries(
          Map.entry("java.lang.Boolean", Set.of("getBoolean")),
          Map.entry("java.lang.Class", Set.of("forName", "getResource", "getResourceAsStream")),
          Map.entry("java.lang.Integer", Set.of("getInteger")),
          Map.entry("java.lang.Long", Set.of("getLong")),
          Map.entry("java.lang.Math", Set.of("random")),
          Map.entry("java.lang.StrictMath", Set.of("random")),
          Map.entry(
              "java.security.SecureRandom", Set.of("<init>", "getInstance", "getInstanceStrong")),
          Map.entry("java.util.Calendar", Set.of("getInstance")),
          Map.entry("java.util.Locale", Set.of("getDefault")),
          Map.entry("java.util.TimeZone", Set.of("getDefault")),
          Map.entry("java.util.UUID", Set.of("randomUUID")),
          Map.entry("java.util.random.RandomGenerator", Set.of("getDefault", "of")));

  private static final Set<String> CONSTRUCTORS =
      Set.of(
          "java.util.Date",
          "java.util.GregorianCalendar",
          "java.util.Random",
          "java.util.SplittableRandom");

  private static final Set<String> STREAMS = Set.of("in", "out", "err");

  private AmbientInput() {}

  private static boolean isAmbient(AccessTarget target) {
    String owner = ownerOf(target);
    String name = target.getName();
    return TYPES.contains(owner)
        || METHODS.getOrDefault(owner, Set.of()).contains(name)
        || (owner.equals("java.lang.System")
            && target instanceof CodeUnitAccessTarget
            && !PURE_METHODS_OF_SYSTEM.contains(name))
        || (CONSTRUCTORS.contains(owner) && name.equals("<init>") && takes(target, 0))
        // The other method takes a source of randomness.
        || (owner.equals("java.util.Collections") && name.equals("shuffle") && takes(target, 1))
        || (target.getOwner().getPackageName().startsWith("java.time") && readsTheClock(target));
  }

  private static boolean isTerminal(AccessTarget target) {
    String name = target.getName();
    return switch (ownerOf(target)) {
      case "java.lang.IO" -> true;
      case "java.lang.System" ->
          STREAMS.contains(name) || name.equals("console") || name.matches("set(In|Out|Err)");
      case "java.io.FileDescriptor" -> STREAMS.contains(name);
      case "java.lang.Thread" -> name.equals("dumpStack");
      default ->
          name.equals("printStackTrace")
              && takes(target, 0)
              && target.getOwner().isAssignableTo(Throwable.class);
    };
  }

  /** {@code Instant.now()} or {@code Clock.systemUTC()}, but not {@code Instant.now(clock)}. */
  private static boolean readsTheClock(AccessTarget target) {
    String name = target.getName();
    return (name.equals("now") || name.startsWith("system") || name.startsWith("tick"))
        && target instanceof CodeUnitAccessTarget method
        && method.getRawParameterTypes().stream()
            .noneMatch(type -> type.isEquivalentTo(Clock.class));
  }

  private static boolean takes(AccessTarget target, int parameters) {
    return target instanceof CodeUnitAccessTarget method
        && method.getRawParameterTypes().size() == parameters;
  }

  private static String ownerOf(AccessTarget target) {
    return target.getOwner().getFullName();
  }
}
