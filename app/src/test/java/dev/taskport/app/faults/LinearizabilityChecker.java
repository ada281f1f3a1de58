package dev.taskport.app.faults;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the history of one task is linearizable (Herlihy and Wing, 1990): whether each operation
 * can be given a moment between its request and its answer at which it took effect, so that all
 * answers are those of {@link TaskState}. An operation without an answer may have taken effect at
 * any moment after its request, or never.
 *
 * <p>The search is Wing and Gong's, with a memory of the configurations (which operations have
 * taken effect, and the state after them) that lead nowhere, as Lowe proposed (2017).
 */
final class LinearizabilityChecker {
  /** More than any history here needs by far; a search beyond has no result. */
  private static final int MOST_CONFIGURATIONS = 3_000_000;

  private final List<Operation> operations;
  private final BitSet done = new BitSet();
  private final Set<Configuration> seen = new HashSet<>();
  private int known;
  private int deepest = -1;
  private String deepestReport = "";

  private record Configuration(BitSet done, TaskState state) {}

  private LinearizabilityChecker(List<Operation> history) {
    operations = history.stream().sorted(Comparator.comparingLong(Operation::invoked)).toList();
    known = (int) operations.stream().filter(Operation::isKnown).count();
  }

  /**
   * Why the history is not linearizable: where the best attempt at an order gets stuck; empty if it
   * is linearizable.
   *
   * @throws IllegalStateException when the search is given up
   */
  static Optional<String> violation(List<Operation> history) {
    LinearizabilityChecker checker = new LinearizabilityChecker(history);
    return checker.search(TaskState.NOTHING)
        ? Optional.empty()
        : Optional.of(checker.deepestReport);
  }

  private boolean search(TaskState state) {
    if (known == 0) {
      return true;
    }
    if (!seen.add(new Configuration((BitSet) done.clone(), state))) {
      return false;
    }
    if (seen.size() > MOST_CONFIGURATIONS) {
      throw new IllegalStateException("The search takes too long");
    }
    List<Integer> candidates = candidates();
    if (done.cardinality() > deepest) {
      deepest = done.cardinality();
      deepestReport = report(state, candidates);
    }
    for (int i : candidates) {
      Operation operation = operations.get(i);
      TaskState.Step step = state.apply(operation.request());
      boolean possible =
          operation.isKnown()
              ? step.answer().equals(operation.answer())
              : !step.next().equals(state);
      if (possible) {
        done.set(i);
        known -= operation.isKnown() ? 1 : 0;
        if (search(step.next())) {
          return true;
        }
        known += operation.isKnown() ? 1 : 0;
        done.clear(i);
      }
    }
    return false;
  }

  /**
   * The operations that may be next: those sent before the first answer among the ones that are
   * left. The ones with an answer come first, because they have to take effect.
   */
  private List<Integer> candidates() {
    long firstAnswer = Long.MAX_VALUE;
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      Operation operation = operations.get(i);
      if (operation.isKnown()) {
        if (operation.invoked() > firstAnswer) {
          break;
        }
        firstAnswer = Math.min(firstAnswer, operation.returned());
      }
    }
    List<Integer> withAnswer = new ArrayList<>();
    List<Integer> without = new ArrayList<>();
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      Operation operation = operations.get(i);
      if (operation.invoked() > firstAnswer) {
        break;
      }
      (operation.isKnown() ? withAnswer : without).add(i);
    }
    withAnswer.addAll(without);
    return withAnswer;
  }

  private String report(TaskState state, List<Integer> candidates) {
    StringBuilder report = new StringBuilder();
    report
        .append("after ")
        .append(done.cardinality())
        .append(" of ")
        .append(operations.size())
        .append(" operations the task is ")
        .append(state.current())
        .append("; next must be one of");
    for (int i : candidates) {
      report.append("\n  ").append(operations.get(i));
    }
    return report.toString();
  }
}
