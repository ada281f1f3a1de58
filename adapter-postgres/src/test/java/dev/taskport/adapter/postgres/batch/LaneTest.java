package dev.taskport.adapter.postgres.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.PostgresStore;
import dev.taskport.adapter.postgres.StoreDatabase;
import dev.taskport.adapter.postgres.database.Lookout;
import dev.taskport.adapter.postgres.database.NotDoneException;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import dev.taskport.domain.UserId;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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

  private static StoreDatabase database;
  private static PostgresStore store;

  private final Recorder work = new Recorder();
  private final Lookout lookout =
      Lookout.begin("lookout", Duration.ofMillis(1), () -> this.lane.look());
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
  void closeLookout() {
    lookout.close();
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  private Lane<Ask, String> lane(int width, Duration patience) {
    return lane(store, width, patience);
  }

  private Lane<Ask, String> lane(PostgresStore inTime, int width, Duration patience) {
    return new Lane<>(
        inTime.context().getBean(Statements.class),
        work,
        true,
        width,
        patience,
        false,
        null,
        lookout);
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

    assertEquals(work.batchError, others.get(0).failure());
    assertInstanceOf(StoreUnavailableException.class, others.get(1).failure());
    assertInstanceOf(StoreUnavailableException.class, others.get(2).failure());
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
  void aLeaderThatIsInterruptedLetsTheNextOneLead() throws Exception {
    lane = lane(1, Duration.ofMillis(5));
    CountDownLatch free = usingAllConnections();
    holdingTheLane();
    Caller leader = calling(ask(1));
    work.await(() -> String.valueOf(LockSupport.getBlocker(leader.thread)).contains("Semaphore"));
    Caller other = calling(ask(2));
    Caller last = calling(ask(3));

    leader.thread.interrupt();
    assertInstanceOf(StoreUnavailableException.class, leader.failure());
    free.countDown();

    assertEquals("together 2", other.result());
    assertEquals("together 3", last.result());
    work.release();
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
      Caller leader = calling(ask(1));
      Caller taken = calling(ask(2));

      work.release();

      assertInstanceOf(StoreUnavailableException.class, taken.failure());
      assertEquals(List.of(List.of(1, 2)), work.batches);
      assertTrue(!leader.call.isDone());
      answered.countDown();
      assertEquals("together 1", leader.result());
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
    work.release();
  }

  @Test
  void withoutBatchesEachGoesAlone() throws Exception {
    lane =
        new Lane<>(
            store.context().getBean(Statements.class),
            work,
            false,
            1,
            FOR_EVER,
            false,
            null,
            lookout);
    Caller first = holdingTheLane();

    assertEquals("alone 1", lane.call(ask(1)));
    work.release();
    assertEquals("alone 0", first.result());
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
      thread = new Thread(call, "caller " + ask.number());
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
    final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    volatile int leavesAlone = -1;
    volatile int failsAlone = -1;
    volatile boolean repeatable;
    volatile long nanosEach;
    volatile @Nullable CountDownLatch batchesWaitFor;
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
    public List<@Nullable String> together(List<Ask> asks) {
      batches.add(asks.stream().map(Ask::number).toList());
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
      Stream<@Nullable String> results =
          asks.stream().map(a -> a.number() == leavesAlone ? null : "together " + a.number());
      return results.toList();
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
