package dev.taskport.testkit;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/** What the JDK gives out differently at each call: the time, and what is drawn at random. */
final class AmbientInput {
  /** Calls and method references ({@code Instant::now}) alike. */
  static final DescribedPredicate<JavaAccess<?>> IS_ASKED_FOR =
      DescribedPredicate.describe(
          "asks for the time or draws at random", access -> isAmbient(access.getTarget()));

  private static final Map<String, Set<String>> METHODS =
      Map.of(
          "java.lang.System", Set.of("currentTimeMillis", "nanoTime"),
          "java.lang.Math", Set.of("random"),
          "java.lang.StrictMath", Set.of("random"),
          "java.util.UUID", Set.of("randomUUID"),
          "java.util.Calendar", Set.of("getInstance"),
          "java.util.concurrent.ThreadLocalRandom", Set.of("current"));

  private static final Set<String> CONSTRUCTORS =
      Set.of(
          "java.util.Date",
          "java.util.GregorianCalendar",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.security.SecureRandom");

  private AmbientInput() {}

  private static boolean isAmbient(AccessTarget target) {
    String owner = target.getOwner().getFullName();
    String name = target.getName();
    return METHODS.getOrDefault(owner, Set.of()).contains(name)
        || (CONSTRUCTORS.contains(owner) && name.equals("<init>") && takesNothing(target))
        || (target.getOwner().getPackageName().startsWith("java.time") && readsTheClock(target));
  }

  /** Such as {@code Instant.now()} and {@code Clock.systemUTC()}; but a clock may be passed in. */
  private static boolean readsTheClock(AccessTarget target) {
    String name = target.getName();
    return (name.equals("now") || name.startsWith("system") || name.startsWith("tick"))
        && target instanceof CodeUnitAccessTarget method
        && method.getRawParameterTypes().stream()
            .noneMatch(type -> type.isEquivalentTo(Clock.class));
  }

  private static boolean takesNothing(AccessTarget target) {
    return target instanceof CodeUnitAccessTarget method && method.getRawParameterTypes().isEmpty();
  }
}
