package dev.taskport.app.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.app.faults.Answer.Absent;
import dev.taskport.app.faults.Answer.Deleted;
import dev.taskport.app.faults.Answer.Shown;
import dev.taskport.app.faults.Answer.Stale;
import dev.taskport.app.faults.Answer.Unknown;
import dev.taskport.app.faults.Request.Create;
import dev.taskport.app.faults.Request.Delete;
import dev.taskport.app.faults.Request.EditTitle;
import dev.taskport.app.faults.Request.Get;
import dev.taskport.app.faults.Request.SetCompleted;
import dev.taskport.app.faults.Request.Toggle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {
  private static final Operation CREATED = op(0, 1, new Create("a"), new Shown("a", false, 1));

  @Test
  void anEmptyHistoryIsLinearizable() {
    assertLinearizable();
  }

  @Test
  void whatHappensOneAfterTheOtherMustBeAnsweredInThatOrder() {
    assertLinearizable(
        op(0, 1, new Get(), new Absent()),
        op(2, 3, new Create("a"), new Shown("a", false, 1)),
        op(4, 5, new Toggle(1L), new Shown("a", true, 2)),
        op(6, 7, new EditTitle("b", 1L), new Stale(2)),
        op(8, 9, new EditTitle("b", null), new Shown("b", true, 3)),
        op(10, 11, new SetCompleted(true, null), new Shown("b", true, 3)),
        op(12, 13, new Delete(3L), new Deleted()),
        op(14, 15, new Get(), new Absent()));
    assertViolation(CREATED, op(2, 3, new Get(), new Absent()));
    assertViolation(CREATED, op(2, 3, new Get(), new Shown("b", false, 1)));
  }

  @Test
  void whatOverlapsMayHappenInEitherOrder() {
    assertLinearizable(
        CREATED,
        op(2, 9, new Toggle(null), new Shown("b", true, 3)),
        op(3, 8, new EditTitle("b", null), new Shown("b", false, 2)));
    assertLinearizable(
        CREATED,
        op(2, 9, new Toggle(null), new Shown("a", true, 2)),
        op(3, 8, new Get(), new Shown("a", false, 1)));
  }

  @Test
  void aLostUpdateIsFound() {
    assertViolation(
        CREATED,
        op(2, 9, new Toggle(null), new Shown("a", true, 2)),
        op(3, 8, new EditTitle("b", null), new Shown("b", false, 2)));
    assertViolation(
        CREATED,
        op(2, 3, new Toggle(null), new Shown("a", true, 2)),
        op(4, 5, new Get(), new Shown("a", false, 1)));
  }

  @Test
  void aChangeMadeTwiceIsFound() {
    assertViolation(
        CREATED,
        op(2, 3, new EditTitle("b", null), new Shown("b", false, 2)),
        op(4, 5, new EditTitle("c", null), new Shown("c", false, 3)),
        op(6, 7, new Get(), new Shown("b", false, 4)));
  }

  @Test
  void readsThatGoBackInTimeAreFound() {
    assertViolation(
        CREATED,
        op(2, 20, new Toggle(null), new Shown("a", true, 2)),
        op(3, 4, new Get(), new Shown("a", true, 2)),
        op(5, 6, new Get(), new Shown("a", false, 1)));
  }

  @Test
  void aTaskThatComesBackIsFound() {
    assertViolation(
        CREATED,
        op(2, 3, new Delete(null), new Deleted()),
        op(4, 5, new Get(), new Shown("a", false, 1)));
    assertViolation(
        CREATED,
        op(2, 5, new Delete(null), new Deleted()),
        op(3, 4, new Delete(null), new Deleted()));
  }

  @Test
  void aKeyGivesTheFirstAnswerAgainAndCreatesNothing() {
    assertLinearizable(
        CREATED,
        op(2, 3, new Toggle(null), new Shown("a", true, 2)),
        op(4, 5, new Create("a"), new Shown("a", false, 1)),
        op(6, 7, new Delete(null), new Deleted()),
        op(8, 9, new Create("a"), new Shown("a", false, 1)),
        op(10, 11, new Get(), new Absent()));
    assertViolation(
        CREATED,
        op(2, 3, new Delete(null), new Deleted()),
        op(4, 5, new Create("a"), new Shown("a", false, 1)),
        op(6, 7, new Get(), new Shown("a", false, 1)));
  }

  @Test
  void whatHadNoAnswerMayHaveHappenedOnceAtAnyTimeLaterOrNot() {
    Operation lost = op(2, 3, new Toggle(null), new Unknown());
    assertLinearizable(CREATED, lost, op(4, 5, new Get(), new Shown("a", false, 1)));
    assertLinearizable(
        CREATED,
        lost,
        op(4, 5, new Get(), new Shown("a", false, 1)),
        op(6, 7, new Get(), new Shown("a", true, 2)));
    assertViolation(CREATED, lost, op(4, 5, new Get(), new Shown("a", false, 3)));
    assertViolation(
        CREATED,
        op(2, 3, new Get(), new Shown("a", true, 2)),
        op(4, 5, new Toggle(null), new Unknown()));
  }

  @Test
  void aConditionIsJudgedByTheStateThatTheAnswerTells() {
    assertLinearizable(
        CREATED,
        op(2, 9, new Toggle(null), new Shown("a", true, 2)),
        op(3, 8, new EditTitle("b", 1L), new Stale(2)));
    assertViolation(CREATED, op(2, 3, new EditTitle("b", 1L), new Stale(1)));
    assertViolation(CREATED, op(2, 3, new EditTitle("b", 7L), new Stale(2)));
  }

  /** Its verdicts on small random histories are those of trying every order. */
  @Test
  void itAgreesWithTryingEveryOrder() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int linearizable = 0;
    for (int i = 0; i < 4_000; i++) {
      List<Operation> history = randomHistory(random);
      boolean expected = someOrderFits(history, TaskState.NOTHING);
      linearizable += expected ? 1 : 0;
      assertEquals(
          expected,
          LinearizabilityChecker.violation(history).isEmpty(),
          () -> "seed " + seed + ": " + history);
    }
    assertTrue(linearizable > 400 && linearizable < 3_600, linearizable + ", seed " + seed);
  }

  /** Operations that took effect in some order, a few of them changed afterwards. */
  private static List<Operation> randomHistory(Random random) {
    List<Operation> history = new ArrayList<>();
    TaskState state = TaskState.NOTHING;
    int size = 2 + random.nextInt(5);
    for (int i = 0; i < size; i++) {
      Request request = i == 0 ? new Create("a") : randomRequest(random, i);
      TaskState.Step step = state.apply(request);
      state = step.next();
      Answer answer = step.answer();
      if (random.nextInt(8) == 0) {
        answer = new Unknown();
      } else if (random.nextInt(10) == 0) {
        answer = TaskState.NOTHING.apply(randomRequest(random, i)).answer();
      } else if (random.nextInt(10) == 0 && answer instanceof Shown shown) {
        answer = new Shown(shown.title(), shown.completed(), shown.version() + 1);
      }
      long moment = 10L * i;
      history.add(
          op(moment - random.nextInt(25), moment + 1 + random.nextInt(25), request, answer));
    }
    return history;
  }

  private static Request randomRequest(Random random, int i) {
    Long ifVersion = random.nextInt(3) == 0 ? Long.valueOf(1 + random.nextInt(3)) : null;
    return switch (random.nextInt(5)) {
      case 0 -> new Get();
      case 1 -> new EditTitle("t" + i, ifVersion);
      case 2 -> new Toggle(ifVersion);
      case 3 -> new SetCompleted(random.nextBoolean(), ifVersion);
      default -> new Delete(ifVersion);
    };
  }

  private static boolean someOrderFits(List<Operation> left, TaskState state) {
    if (left.stream().noneMatch(Operation::isKnown)) {
      return true;
    }
    for (int i = 0; i < left.size(); i++) {
      Operation next = left.get(i);
      List<Operation> rest = new ArrayList<>(left);
      rest.remove(i);
      boolean tooEarly = rest.stream().anyMatch(o -> o.isKnown() && o.returned() < next.invoked());
      TaskState.Step step = state.apply(next.request());
      if (!tooEarly && (!next.isKnown() || step.answer().equals(next.answer()))) {
        if (someOrderFits(rest, step.next())) {
          return true;
        }
      }
    }
    return false;
  }

  private static Operation op(long invoked, long returned, Request request, Answer answer) {
    return new Operation(request, answer, invoked, returned);
  }

  private static void assertLinearizable(Operation... history) {
    assertEquals(
        "", LinearizabilityChecker.violation(shuffled(history)).orElse(""), "no order was found");
  }

  private static void assertViolation(Operation... history) {
    assertFalse(
        LinearizabilityChecker.violation(shuffled(history)).isEmpty(),
        () -> "not found: " + Arrays.toString(history));
  }

  /** The order of the list is of no meaning. */
  private static List<Operation> shuffled(Operation... history) {
    List<Operation> operations = new ArrayList<>(List.of(history));
    Collections.reverse(operations);
    return operations;
  }
}
