package dev.taskport.app.faults;

import dev.taskport.app.faults.Answer.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the books say. */
final class Verdict {
  private Verdict() {}

  /** The histories that are not linearizable, each with the place where no order fits. */
  static List<String> violations(List<Register> registers) {
    List<String> violations = new ArrayList<>();
    for (Register register : registers) {
      LinearizabilityChecker.violation(register.history())
          .ifPresent(why -> violations.add("task " + register.key() + ": " + why));
    }
    return violations;
  }

  /** The tasks that there must be now, by id: what the last answer for each one showed. */
  static Map<String, Shown> tasks(List<Register> registers) {
    Map<String, Shown> tasks = new TreeMap<>();
    for (Register register : registers) {
      List<Operation> history = register.history();
      Answer last = history.get(history.size() - 1).answer();
      String id = Optional.ofNullable(register.id()).orElseThrow();
      if (last instanceof Shown shown) {
        tasks.put(id, shown);
      }
    }
    return tasks;
  }

  /** The number of operations: those with an answer, or those without. */
  static long operations(List<Register> registers, boolean known) {
    return registers.stream()
        .flatMap(register -> register.history().stream())
        .filter(operation -> operation.isKnown() == known)
        .count();
  }
}
