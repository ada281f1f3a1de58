package dev.taskport.adapter.rest.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.token.TestTokens;
import dev.taskport.fuzz.RawRequestFuzzer;
import dev.taskport.fuzz.RequestFuzzer;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Requests made from the OpenAPI document, good and broken. {@code -Dfuzz.requests=1000000} sends
 * more of them, {@code -Dfuzz.seed=… -Dfuzz.request=…} repeats one of an earlier run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeneratedRequestsTest {
  private static final int OPEN = 1_500;
  private static final int WITH_TOKENS = 500;
  private static final int RAW = 100;
  private static final int LONG = 10_000;

  /** The store in memory keeps what a service has seen. */
  private static final int PER_SERVICE = 50_000;

  private final long seed = Long.getLong("fuzz.seed", new Random().nextLong());

  @Test
  void everyAnswerIsAsDescribedAndWhatIsWrittenReadsBack() {
    fuzz(OPEN, false);
  }

  @Test
  void withTokensToo() {
    fuzz(WITH_TOKENS, true);
  }

  @Test
  void whatNoClientSendsIsRefusedAsAProblemAndNothingIsSmuggled() {
    raw(RAW);
  }

  @Tag("full")
  @Test
  void alsoInALongRun() {
    fuzz(LONG, false);
    fuzz(LONG, true);
    raw(LONG / 10);
  }

  private void raw(long usually) {
    try (TestService service = new TestService()) {
      new RawRequestFuzzer(service.uri(""), service.get("/openapi.json").body(), seed)
          .run(from(), to(usually));
    }
  }

  private static long from() {
    return Math.max(0, Long.getLong("fuzz.request", 0));
  }

  private static long to(long usually) {
    Long only = Long.getLong("fuzz.request");
    return only == null ? Long.getLong("fuzz.requests", usually) : only + 1;
  }

  @SuppressWarnings("SystemOut") // the seed, to run it again with
  private void fuzz(long usually, boolean withTokens) {
    long to = to(usually);
    System.out.println("-Dfuzz.seed=" + seed + " -Dfuzz.requests=" + to);
    Map<String, Integer> statuses = new TreeMap<>();
    for (long next = from(); next < to; next += PER_SERVICE) {
      try (TestService service =
          withTokens
              ? new TestService(new InMemoryTaskRepository(), Map.of(), TestTokens.settings())
              : new TestService()) {
        RequestFuzzer fuzzer =
            new RequestFuzzer(
                service.uri(""),
                service.get("/openapi.json").body(),
                seed,
                withTokens ? TestTokens::of : null);
        fuzzer.run(next, Math.min(to, next + PER_SERVICE));
        fuzzer.statuses().forEach((status, times) -> statuses.merge(status, times, Integer::sum));
      }
    }
    System.out.println(statuses);
    if (to - from() >= LONG) {
      for (String reached : new String[] {"createTask 201", "patchTask 200", "restoreTask 200"}) {
        assertTrue(statuses.containsKey(reached), reached + " was not reached: " + statuses);
      }
    }
  }
}
