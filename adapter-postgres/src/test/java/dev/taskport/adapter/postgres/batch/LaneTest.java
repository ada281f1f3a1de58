package dev.taskport.adapter.postgres.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.PostgresStore;
import dev.taskport.adapter.postgres.StoreDatabase;
import dev.taskport.adapter.postgres.database.Lookout;
import dev.taskport.adapter.postgres.database.NotDoneException;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.pipeline.PipelinedStatement;
import dev.taskport.adapter.postgres.pipeline.Pipelines;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import dev.taskport.domain.UserId;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who waits, who goes together, and what each is told, without a statement. */
class LaneTest {
  private static final Duration FOR_EVER = Duration.ofHours(1);
  private static final Set<State> WAITING = Set.of(State.WAITING, State.TIMED_WAITING);
  private static final UserId ANN = UserId.parse("ann");
  private static final UserId BOB = UserId.parse("bob");
  private static final ContextKey<String> TRACE = ContextKey.named("trace");

  private static StoreDatabase database;
  private static PostgresStore store;

  private final Recorder work = new Recorder();
  private final Lookout lookout =
      Lookout.begin("lookout of the lane", Duration.ofMillis(1), () -> this.lane.look());
  private final ExecutorService threads = Batches.threads(10);
  private Lane<Ask, String> lane = lane(1, FOR_EVER);

  @BeforeAll
  static void start() {
    database = StoreDatabase.create();
    store = store("30s");
  }

  private static PostgresStore store(String timeout) {
    return PostgresStore.on(
        database,
        database.jdbcUrl(),
        Map.of("datasources.default.maximum-pool-size", 2, "taskport.database.timeout", timeout));
  }

  @AfterEach
  void close() {
    lookout.close();
    threads.shutdown();
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  private Lane<Ask, String> lane(int width, Duration patience) {
    return lane(store, width, patience);
  }

  private Lane<Ask, String> lane(PostgresStore inTime, int width, Duration patience) {
    return lane(inTime, true, width, patience, threads);
  }

  /** A lane whose statements these threads run. */
  private Lane<Ask, String> lane(Executor executor) {
    return lane(store, true, 1, FOR_EVER, executor);
  }

  private Lane<Ask, String> lane(
      PostgresStore inTime, boolean on, int width, Duration patience, Executor executor) {
    Statements statements = inTime.context().getBean(Statements.class);
    work.statements = statements;
    Pipelines pipelines = inTime.context().getBean(Pipelines.class);
    return new Lane<>(
        statements, work, on, width, patience, false, null, lookout, executor, pipelines);
  }

  @Test
  void aCallThatFindsTheLaneFreeGoesAlone() {
    assertEquals("alone 1", lane.call(ask(1)));
    assertEquals("alone 2", lane.call(ask(2)));
    assertEquals(List.of(), work.batches);
  }

  @Test
  void whatWaitsGoesTogetherInItsOrder() throws Exception {
    Caller first = holdingTheLane();
    List<Caller> others = IntStream.range(1, 6).mapToObj(i -> calling(ask(i))).toList();

    work.release();

    assertEquals("alone 0", first.result());
    for (int i = 1; i < 6; i++) {
      assertEquals("together " + i, others.get(i - 1).result());
    }
    assertEquals(List.of(List.of(1, 2, 3, 4, 5)), work.batches);
  }

  @Test
  void oneThatWaitedWithoutOthersGoesAlone() throws Exception {
    holdingTheLane();
    Caller other = calling(ask(1));

    work.release();

    assertEquals("alone 1", other.result());
  }

  @Test
  void inACrowdNobodyIsForgotten() throws Exception {
    lane = lane(1, Duration.ofNanos(1));
    List<FutureTask<Integer>> callers =
        IntStream.range(0, 16)
            .mapToObj(
                caller ->
                    new FutureTask<>(
                        () ->
                            IntStream.range(0, 1_000)
                                .mapToObj(i -> lane.call(new Ask(ANN, 1 + i, null)))
                                .toList()
                                .size()))
            .toList();
    callers.forEach(caller -> new Thread(caller).start());

    for (FutureTask<Integer> caller : callers) {
      assertEquals(1_000, caller.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void whereEachOperationTakesLongBatchesGetSmall() throws Exception {
    lane = lane(1, Duration.ofMillis(1));
    work.nanosEach = TimeUnit.MILLISECONDS.toNanos(15);
    List<FutureTask<Integer>> callers =
        Stream.generate(
                () ->
                    new FutureTask<>(
                        () ->
                            IntStream.range(1, 11)
                                .mapToObj(i -> lane.call(new Ask(ANN, i, null)))
                                .toList()
                                .size()))
            .limit(16)
            .toList();
    callers.forEach(caller -> new Thread(caller).start());
    for (FutureTask<Integer> caller : callers) {
      assertEquals(10, caller.get(60, TimeUnit.SECONDS));
    }

    int inLargeBatches = work.batches.stream().mapToInt(List::size).filter(size -> size > 4).sum();
    assertTrue(inLargeBatches < 60, inLargeBatches + " of 160 in " + work.batches);
  }

  @Test
  void aSecondOneOnTheSameTargetWaitsForTheNextBatch() throws Exception {
    holdingTheLane();
    calling(ask(1));
    calling(new Ask(ANN, 2, "row"));
    calling(new Ask(ANN, 3, "row"));
    calling(new Ask(ANN, 4, "other row"));
    calling(new Ask(ANN, 5, "row"));
    Caller last = calling(new Ask(ANN, 6, "other row"));

    work.release();

    last.result();
    work.await(() -> work.batches.size() == 2 && work.alone.contains(5));
    assertEquals(List.of(List.of(1, 2, 4), List.of(3, 6)), work.batches);
  }

  @Test
  void oneUsersFloodLeavesRoomForOthers() throws Exception {
    holdingTheLane();
    for (int i = 1; i <= 100; i++) {
      calling(new Ask(ANN, i, null));
    }
    Caller bobs = calling(new Ask(BOB, 1000, null));
    Caller next = calling(new Ask(BOB, 1001, null));

    work.release();

    bobs.result();
    next.result();
    assertEquals(64, work.batches.get(0).size());
    assertTrue(work.batches.get(0).containsAll(List.of(1, 2, 62, 1000, 1001)));
  }

  @Test
  void aStatementThatTakesLongHoldsUpNobody() throws Exception {
    lane = lane(1, Duration.ofMillis(5));
    Caller slow = holdingTheLane();

    assertEquals("alone 1", calling(ask(1)).result());
    assertEquals("alone 2", calling(ask(2)).result());

    work.release();
    assertEquals("alone 0", slow.result());
  }

  @Test
  void whileNoConnectionIsFreeTheyGatherForOneStatement() throws Exception {
    lane = lane(1, Duration.ofMillis(5));
    CountDownLatch free = usingAllConnections();
    holdingTheLane();
    List<Caller> callers = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      callers.add(calling(ask(i)));
    }

    free.countDown();

    for (Caller caller : callers) {
      caller.result();
    }
    assertEquals(List.of(IntStream.rangeClosed(1, 20).boxed().toList()), work.batches);
    work.release();
  }

  @Test
  void whatABatchLeftAloneItsCallerCarriesOutAlone() throws Exception {
    holdingTheLane();
    work.leavesAlone = 2;
    List<Caller> others = IntStream.range(1, 4).mapToObj(i -> calling(ask(i))).toList();

    work.release();

    assertEquals("together 1", others.get(0).result());
    assertEquals("alone 2", others.get(1).result());
    assertEquals("together 3", others.get(2).result());
  }

  @Test
  void ofABatchThatWasRolledBackEachGoesAloneAndHearsOfItsOwnFailure() throws Exception {
    holdingTheLane();
    work.batchFailure = new NotDoneException(new IllegalStateException("rolled back"));
    work.failsAlone = 2;
    List<Caller> others = IntStream.range(1, 4).mapToObj(i -> calling(ask(i))).toList();

    work.release();

    assertEquals("alone 1", others.get(0).result());
    assertInstanceOf(IllegalArgumentException.class, others.get(1).failure());
    assertEquals("alone 3", others.get(2).result());
  }

  @Test
  void whenNobodyKnowsWhatBecameOfABatchNoneIsRepeatedAndEachHearsIt() throws Exception {
    holdingTheLane();
    work.batchFailure =
        new StoreUnavailableException(Reason.UNREACHABLE, "lost", new IllegalStateException());
    List<Caller> others = IntStream.range(1, 4).mapToObj(i -> calling(ask(i))).toList();

    work.release();

    for (Caller other : others) {
      assertInstanceOf(StoreUnavailableException.class, other.failure());
    }
    assertEquals(List.of(0), work.alone);
  }

  @Test
  void anErrorInABatchIsUnknownToo() throws Exception {
    holdingTheLane();
    work.batchError = new StackOverflowError("planted");
    List<Caller> others = IntStream.range(1, 4).mapToObj(i -> calling(ask(i))).toList();

    work.release();

    for (Caller other : others) {
      StoreUnavailableException failure =
          assertInstanceOf(StoreUnavailableException.class, other.failure());
      assertEquals(work.batchError, failure.getCause());
    }
    assertEquals(List.of(0), work.alone);
    assertEquals("alone 4", lane.call(ask(4)));
  }

  @Test
  void whatMayBeRepeatedIsRepeatedAlone() throws Exception {
    holdingTheLane();
    work.repeatable = true;
    work.batchFailure =
        new StoreUnavailableException(Reason.UNREACHABLE, "lost", new IllegalStateException());
    List<Caller> others = IntStream.range(1, 4).mapToObj(i -> calling(ask(i))).toList();

    work.release();

    for (int i = 1; i < 4; i++) {
      assertEquals("alone " + i, others.get(i - 1).result());
    }
  }

  @Test
  void aCallerThatIsInterruptedIsLeftOut() throws Exception {
    holdingTheLane();
    calling(ask(1));
    Caller interrupted = calling(ask(2));
    Caller last = calling(ask(3));

    interrupted.thread.interrupt();
    assertInstanceOf(StoreUnavailableException.class, interrupted.failure());
    work.release();

    last.result();
    assertEquals(List.of(List.of(1, 3)), work.batches);
  }

  @Test
  void aCallerThatIsInterruptedWhileItsBatchWaitsForAConnectionIsLeftOut() throws Exception {
    CountDownLatch free = usingAllConnections();
    Caller holder = holdingTheLane();
    Caller first = calling(ask(1));
    work.release();
    holder.result();
    work.await(this::aStatementWaitsForAConnection);
    Caller other = calling(ask(2));
    Caller last = calling(ask(3));

    first.thread.interrupt();
    assertInstanceOf(StoreUnavailableException.class, first.failure());
    free.countDown();

    assertEquals("together 2", other.result());
    assertEquals("together 3", last.result());
    assertEquals(List.of(List.of(2, 3)), work.batches);
  }

  @Test
  void aCallerWhoseTimeIsOverIsToldAndLeftOut() throws Exception {
    try (PostgresStore hasty = store("1s")) {
      lane = lane(hasty, 1, FOR_EVER);
      holdingTheLane();
      Caller tired = calling(ask(1));

      StoreUnavailableException failure =
          assertInstanceOf(StoreUnavailableException.class, tired.failure());
      work.release();

      assertEquals(Reason.BUSY, failure.reason());
      assertEquals("alone 2", lane.call(ask(2)));
      assertEquals(List.of(0, 2), work.alone);
      assertEquals(List.of(), work.batches);
    }
  }

  @Test
  void aCallerWhoseBatchTakesTooLongIsToldInTime() throws Exception {
    try (PostgresStore hasty = store("1s")) {
      lane = lane(hasty, 1, FOR_EVER);
      holdingTheLane();
      CountDownLatch answered = new CountDownLatch(1);
      work.batchesWaitFor = answered;
      Caller first = calling(ask(1));
      Caller second = calling(ask(2));

      work.release();

      assertInstanceOf(StoreUnavailableException.class, first.failure());
      assertInstanceOf(StoreUnavailableException.class, second.failure());
      assertEquals(List.of(List.of(1, 2)), work.batches);
      answered.countDown();
      assertEquals("alone 3", calling(ask(3)).result());
    }
  }

  @Test
  void aCallInsideAnothersTurnDoesNotWaitForTheLane() throws Exception {
    holdingTheLane();

    assertEquals(
        "alone 1", store.context().getBean(Statements.class).inTurn(() -> lane.call(ask(1))));

    work.release();
  }

  @Tag("full")
  @Test
  void tooManyAreRefusedAtOnce() throws Exception {
    holdingTheLane();
    for (int i = 1; i <= 1000; i++) {
      calling(ask(i));
    }

    StoreUnavailableException failure =
        assertThrows(StoreUnavailableException.class, () -> lane.call(ask(1001)));

    assertEquals(Reason.BUSY, failure.reason());
    assertInstanceOf(StoreUnavailableException.class, failure(lane.submit(ask(1002))));
    work.release();
  }

  @Test
  void withoutBatchesEachGoesAlone() throws Exception {
    lane = lane(store, false, 1, FOR_EVER, threads);
    Caller first = holdingTheLane();

    assertEquals("alone 1", lane.call(ask(1)));
    work.release();
    assertEquals("alone 0", first.result());
  }

  @Test
  void theNextStatementBeginsBeforeTheRowsOfTheOneBeforeAreRead() throws Exception {
    holdingTheLane();
    CountDownLatch read = new CountDownLatch(1);
    work.rowsWaitFor = read;
    Caller first = calling(ask(1));
    Caller second = calling(new Ask(ANN, 2, "row"));
    Caller next = calling(new Ask(ANN, 3, "row"));

    work.release();

    assertEquals("alone 3", next.result());
    assertFalse(first.call.isDone());
    assertFalse(second.call.isDone());
    read.countDown();
    assertEquals("together 1", first.result());
    assertEquals("together 2", second.result());
  }

  @Test
  void whatIsSubmittedToAFreeLaneGoesAloneOnAThreadOfTheLanes() throws Exception {
    CompletionStage<String> one = lane.submit(ask(0));
    work.held.await();

    assertFalse(one.toCompletableFuture().isDone());
    work.release();
    assertEquals("alone 0", result(one));
    assertEquals("alone 1", result(lane.submit(ask(1))));
    assertEquals(List.of(), work.batches);
  }

  @Test
  void whatIsSubmittedToABusyLaneGoesTogetherWithTheCalls() throws Exception {
    holdingTheLane();
    CompletionStage<String> first = lane.submit(ask(1));
    Caller second = calling(ask(2));
    CompletionStage<String> third = lane.submit(ask(3));

    work.release();

    assertEquals("together 1", result(first));
    assertEquals("together 2", second.result());
    assertEquals("together 3", result(third));
    assertEquals(List.of(List.of(1, 2, 3)), work.batches);
  }

  @Test
  void whatIsSubmittedHearsOfItsOwnFailure() throws Exception {
    work.failsAlone = 1;

    assertInstanceOf(IllegalArgumentException.class, failure(lane.submit(ask(1))));
    assertEquals("alone 2", result(lane.submit(ask(2))));
  }

  @Test
  void ofABatchThatWasRolledBackWhatWasSubmittedGoesAloneToo() throws Exception {
    holdingTheLane();
    work.batchFailure = new NotDoneException(new IllegalStateException("rolled back"));
    work.failsAlone = 2;
    List<CompletionStage<String>> others =
        IntStream.range(1, 4).mapToObj(i -> lane.submit(ask(i))).toList();

    work.release();

    assertEquals("alone 1", result(others.get(0)));
    assertInstanceOf(IllegalArgumentException.class, failure(others.get(1)));
    assertEquals("alone 3", result(others.get(2)));
  }

  @Test
  void whenNobodyKnowsWhatBecameOfABatchWhatWasSubmittedHearsItToo() throws Exception {
    holdingTheLane();
    work.batchFailure =
        new StoreUnavailableException(Reason.FULL, "planted", new IllegalStateException());
    List<CompletionStage<String>> others =
        IntStream.range(1, 4).mapToObj(i -> lane.submit(ask(i))).toList();

    work.release();

    for (CompletionStage<String> other : others) {
      StoreUnavailableException failure =
          assertInstanceOf(StoreUnavailableException.class, failure(other));
      assertEquals(Reason.FULL, failure.reason());
    }
    assertEquals(List.of(0), work.alone);
  }

  @Test
  void whatIsSubmittedAndDoesNotGetItsTurnInTimeIsTold() throws Exception {
    try (PostgresStore hasty = store("1s")) {
      lane = lane(hasty, 1, FOR_EVER);
      holdingTheLane();

      StoreUnavailableException failure =
          assertInstanceOf(StoreUnavailableException.class, failure(lane.submit(ask(1))));
      work.release();

      assertEquals(Reason.BUSY, failure.reason());
      assertEquals("alone 2", result(lane.submit(ask(2))));
      assertEquals(List.of(0, 2), work.alone);
    }
  }

  @Test
  void whatIsSubmittedAndIsNotAnsweredInTimeIsToldAndNotCarriedOutAgain() throws Exception {
    try (PostgresStore hasty = store("1s")) {
      lane = lane(hasty, 1, FOR_EVER);
      holdingTheLane();
      CountDownLatch answered = new CountDownLatch(1);
      work.batchesWaitFor = answered;
      work.leavesAlone = 2;
      CompletionStage<String> first = lane.submit(ask(1));
      CompletionStage<String> second = lane.submit(ask(2));
      work.release();

      for (CompletionStage<String> late : List.of(first, second)) {
        StoreUnavailableException failure =
            assertInstanceOf(StoreUnavailableException.class, failure(late));
        assertEquals(Reason.UNREACHABLE, failure.reason());
      }
      answered.countDown();

      assertEquals("alone 3", result(lane.submit(ask(3))));
      threads.shutdown();
      assertTrue(threads.awaitTermination(20, TimeUnit.SECONDS));
      assertEquals(List.of(0, 3), work.alone);
    }
  }

  @Test
  void whatNoThreadCarriesOutInTimeIsToldThatTheStoreIsBusy() throws Exception {
    try (PostgresStore hasty = store("1s")) {
      for (boolean on : List.of(true, false)) {
        work.await(LaneTest::theLookoutSleeps);
        lane = lane(hasty, on, 1, FOR_EVER, run -> {});

        StoreUnavailableException failure =
            assertInstanceOf(StoreUnavailableException.class, failure(lane.submit(ask(1))));

        assertEquals(Reason.BUSY, failure.reason());
      }
    }
  }

  @Test
  void whoComesToAThreadTooLateTakesNoTimeFromOthers() throws Exception {
    try (PostgresStore hasty = store("1s")) {
      Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
      lane = lane(hasty, true, 1, FOR_EVER, queue::add);
      CompletionStage<String> late = lane.submit(ask(1));
      assertInstanceOf(StoreUnavailableException.class, failure(late));
      CompletionStage<String> other = lane.submit(ask(2));
      CompletionStage<String> another = lane.submit(ask(3));

      while (!another.toCompletableFuture().isDone()) {
        Objects.requireNonNull(queue.poll(), "Nobody carries it out").run();
      }

      assertEquals("together 2", result(other));
      assertEquals("together 3", result(another));
      assertEquals(List.of(), work.overdue);
      assertEquals(List.of(), work.alone);
    }
  }

  @Test
  void whenNoThreadTakesAnythingMoreEachThatWaitsIsTold() throws Exception {
    lane =
        lane(
            run -> {
              throw new RejectedExecutionException("planted");
            });
    Caller holder = holdingTheLane();
    Caller call = calling(ask(1));
    List<CompletionStage<String>> submitted =
        IntStream.range(2, 900).mapToObj(i -> lane.submit(ask(i))).toList();

    work.release();

    assertEquals("alone 0", holder.result());
    assertInstanceOf(StoreUnavailableException.class, call.failure());
    for (CompletionStage<String> one : submitted) {
      assertInstanceOf(StoreUnavailableException.class, failure(one));
    }
    assertInstanceOf(StoreUnavailableException.class, failure(lane.submit(ask(1000))));
    assertEquals("alone 1001", lane.call(ask(1001)));
  }

  @Test
  void whereNoThreadCanBeMadeEachThatWaitsIsTold() throws Exception {
    lane =
        lane(
            run -> {
              throw new OutOfMemoryError("planted: unable to create native thread");
            });
    Caller holder = holdingTheLane();
    Caller call = calling(ask(1));
    CompletionStage<String> submitted = lane.submit(ask(2));

    work.release();

    assertEquals("alone 0", holder.result());
    assertInstanceOf(StoreUnavailableException.class, call.failure());
    assertInstanceOf(StoreUnavailableException.class, failure(submitted));
    assertEquals("alone 3", lane.call(ask(3)));
  }

  @Test
  void inACrowdEachIsCarriedOutOnceAndToldOnce() throws Exception {
    lane = lane(1, Duration.ofNanos(1));
    work.leavesAlone = 7_777;
    Queue<String> told = new ConcurrentLinkedQueue<>();
    List<CompletionStage<String>> stages = new CopyOnWriteArrayList<>();
    List<FutureTask<Void>> callers =
        IntStream.range(0, 8)
            .mapToObj(
                caller ->
                    new FutureTask<Void>(
                        () -> {
                          for (int i = 1; i <= 1_000; i++) {
                            Ask ask = new Ask(ANN, caller * 1_000 + i, null);
                            CompletionStage<String> later = lane.submit(ask);
                            var unused = later.thenAccept(told::add);
                            if (i % 50 == 0) {
                              result(later);
                            }
                            stages.add(later);
                          }
                          return null;
                        }))
            .toList();
    callers.forEach(caller -> new Thread(caller).start());
    for (FutureTask<Void> caller : callers) {
      caller.get(20, TimeUnit.SECONDS);
    }
    for (CompletionStage<String> stage : stages) {
      result(stage);
    }

    List<Integer> all = IntStream.rangeClosed(1, 8_000).boxed().toList();
    Stream<Integer> together =
        work.batches.stream().flatMap(List::stream).filter(number -> number != 7_777);
    assertEquals(all, Stream.concat(work.alone.stream(), together).sorted().toList());
    assertEquals(
        all,
        told.stream()
            .map(text -> Integer.valueOf(text.substring(text.indexOf(' ') + 1)))
            .sorted()
            .toList());
  }

  @Test
  void aStatementForSeveralBelongsToTheTraceOfTheFirst() throws Exception {
    holdingTheLane();
    calling(ask(1));
    calling(ask(2));
    Caller last = calling(ask(3));

    work.release();

    assertEquals("together 3", last.result());
    assertEquals(List.of("trace of 1"), work.traces);
  }

  @Test
  void withoutBatchesWhatIsSubmittedGoesAlone() throws Exception {
    lane = lane(store, false, 1, FOR_EVER, threads);
    work.failsAlone = 2;
    Caller holder = holdingTheLane();

    assertEquals("alone 1", result(lane.submit(ask(1))));
    assertInstanceOf(IllegalArgumentException.class, failure(lane.submit(ask(2))));
    assertEquals("alone 3", result(lane.submit(ask(3))));
    work.release();
    holder.result();
    assertEquals(List.of(), work.batches);
  }

  /** Uses all connections until the latch opens. */
  private static CountDownLatch usingAllConnections() throws InterruptedException {
    Statements statements = store.context().getBean(Statements.class);
    CountDownLatch used = new CountDownLatch(2);
    CountDownLatch free = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      new Thread(
              () ->
                  statements.inTurn(
                      () -> {
                        used.countDown();
                        return await(free);
                      }))
          .start();
    }
    used.await();
    return free;
  }

  private Caller holdingTheLane() throws InterruptedException {
    Caller holder = new Caller(lane, ask(0));
    holder.thread.start();
    work.held.await();
    return holder;
  }

  /** A caller that waits by now, or has its result. */
  private Caller calling(Ask ask) {
    Caller caller = new Caller(lane, ask);
    caller.thread.start();
    work.await(() -> WAITING.contains(caller.thread.getState()) || caller.call.isDone());
    return caller;
  }

  private static boolean theLookoutSleeps() {
    return hasThread("lookout of the lane", State.WAITING);
  }

  private boolean aStatementWaitsForAConnection() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("database-"))
        .anyMatch(thread -> String.valueOf(LockSupport.getBlocker(thread)).contains("Semaphore"));
  }

  private static boolean hasThread(String name, State state) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(name) && thread.getState() == state);
  }

  private static String result(CompletionStage<String> later) throws Exception {
    return later.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static Throwable failure(CompletionStage<String> later) {
    return Objects.requireNonNull(
        assertThrows(ExecutionException.class, () -> result(later)).getCause());
  }

  private static Ask ask(int number) {
    return new Ask(ANN, number, number);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  private record Ask(UserId user, int number, @Nullable Object target) implements Operation {}

  private static final class Caller {
    final FutureTask<String> call;
    final Thread thread;

    Caller(Lane<Ask, String> lane, Ask ask) {
      call = new FutureTask<>(() -> lane.call(ask));
      Context trace = Context.root().with(TRACE, "trace of " + ask.number());
      thread = new Thread(trace.wrap(call), "caller " + ask.number());
      thread.setDaemon(true);
    }

    String result() throws Exception {
      return call.get(20, TimeUnit.SECONDS);
    }

    Throwable failure() {
      return Objects.requireNonNull(
          assertThrows(ExecutionException.class, this::result).getCause());
    }
  }

  /** Notes what it is asked for. Number 0 takes its time. */
  private static final class Recorder implements Work<Ask, String> {
    final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
    final List<Integer> alone = new CopyOnWriteArrayList<>();

    /** Of the batches. */
    final List<String> traces = new CopyOnWriteArrayList<>();

    /** Those carried out when their call was over. */
    final List<Integer> overdue = new CopyOnWriteArrayList<>();

    final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    volatile @Nullable Statements statements;
    volatile int leavesAlone = -1;
    volatile int failsAlone = -1;
    volatile boolean repeatable;
    volatile long nanosEach;
    volatile @Nullable CountDownLatch batchesWaitFor;
    volatile @Nullable CountDownLatch rowsWaitFor;
    volatile @Nullable RuntimeException batchFailure;
    volatile @Nullable Error batchError;

    void release() {
      released.countDown();
    }

    @Override
    public String alone(Ask ask) {
      alone.add(ask.number());
      if (ask.number() == 0) {
        held.countDown();
        LaneTest.await(released);
      }
      if (ask.number() == failsAlone) {
        throw new IllegalArgumentException("its own");
      }
      LockSupport.parkNanos(nanosEach);
      return "alone " + ask.number();
    }

    @Override
    public List<@Nullable String> together(List<Ask> asks, Runnable answered) {
      List<Integer> numbers = asks.stream().map(Ask::number).toList();
      batches.add(numbers);
      traces.add(String.valueOf(Context.current().get(TRACE)));
      if (Objects.requireNonNull(statements).deadline().answerNanos() <= 0) {
        overdue.addAll(numbers);
      }
      if (batchFailure != null) {
        throw batchFailure;
      }
      if (batchError != null) {
        throw batchError;
      }
      LockSupport.parkNanos(asks.size() * nanosEach);
      if (batchesWaitFor != null) {
        LaneTest.await(batchesWaitFor);
      }
      answered.run();
      if (rowsWaitFor != null) {
        LaneTest.await(rowsWaitFor);
      }
      Stream<@Nullable String> results =
          asks.stream().map(a -> a.number() == leavesAlone ? null : "together " + a.number());
      return results.toList();
    }

    @Override
    public PipelinedStatement<String> statement(List<Ask> asks) {
      throw new AssertionError("There are no pipelines here");
    }

    @Override
    public boolean isWrite() {
      return false;
    }

    @Override
    public int most() {
      return MANY;
    }

    @Override
    public boolean isRepeatable() {
      return repeatable;
    }

    void await(BooleanSupplier condition) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("Not so within 20 seconds");
        }
        Thread.onSpinWait();
      }
    }
  }
}
