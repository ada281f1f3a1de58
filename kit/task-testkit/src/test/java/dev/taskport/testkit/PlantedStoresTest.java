package dev.taskport.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.PlantedStores.Planted;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kit is proven by stores that are all wrong, with one fault each. */
class PlantedStoresTest {

  /** The contracts, on whichever store is planted; no test of its own, by its name. */
  static final class UnderTest
      implements TaskRepositoryContract,
          TaskListContract,
          ConcurrentTaskRepositoryContract,
          KeyExpiryContract,
          ModelTaskRepositoryContract {
    private static Supplier<Faulty> planted = RightStore::new;
    private final Faulty store = planted.get();

    @Override
    public TaskRepository repository() {
      return store;
    }

    @Override
    public void age(UserId user, Duration time) {
      store.clock.putForward(time);
    }

    @Override
    public Duration patience() {
      return planted.get() instanceof StuckStore ? Duration.ofMillis(500) : Duration.ofMinutes(1);
    }
  }

  private static final class RightStore extends Faulty {}

  @Test
  void aStoreWithoutAFaultPasses() {
    UnderTest.planted = RightStore::new;
    List<String> failures = new ArrayList<>();
    for (String promise : promises()) {
      failures.addAll(failures(promise));
    }

    assertEquals(List.of(), failures);
  }

  static List<Planted> planted() {
    return PlantedStores.all();
  }

  @ParameterizedTest
  @MethodSource("planted")
  void eachFaultBreaksThePromisesAndTheFailureSaysSo(Planted planted) {
    UnderTest.planted = planted.store();

    planted
        .broken()
        .forEach(
            (promise, words) -> {
              List<String> failures = failures(promise);
              assertEquals(1, failures.size(), planted + " should break " + promise);
              String failure = failures.get(0);
              assertTrue(
                  failure.startsWith("Broken promise: ") && failure.contains(words),
                  planted + " breaks " + promise + ", but the failure doesn't say it: " + failure);
            });
  }

  @Test
  void everyPromiseIsBrokenByAPlantedStore() {
    assertEquals(
        promises(),
        PlantedStores.all().stream()
            .flatMap(planted -> planted.broken().keySet().stream())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static Set<String> promises() {
    return Arrays.stream(UnderTest.class.getMethods())
        .filter(
            method ->
                method.isAnnotationPresent(Test.class)
                    || method.isAnnotationPresent(Property.class))
        .map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Runs the test and gives the messages of its failures. */
  private static List<String> failures(String promise) {
    Method method =
        Arrays.stream(UnderTest.class.getMethods())
            .filter(candidate -> candidate.getName().equals(promise))
            .findFirst()
            .orElseThrow(() -> new AssertionError("No contract has a test " + promise));
    List<String> failures = new ArrayList<>();
    Set<String> run = new TreeSet<>();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(UnderTest.class, method))
                .build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                  run.add(test.getUniqueId());
                }
                result
                    .getThrowable()
                    .ifPresent(thrown -> failures.add(String.valueOf(thrown.getMessage())));
              }
            });
    assertEquals(1, run.size(), "Tests of the name " + promise);
    return failures;
  }
}
