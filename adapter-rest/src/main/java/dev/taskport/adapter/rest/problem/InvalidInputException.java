package dev.taskport.adapter.rest.problem;

import java.util.List;

/** The request can be read, but some values are not acceptable: 422. */
public final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Violation> violations;

  public InvalidInputException(List<Violation> violations) {
    super(violations.toString());
    this.violations = List.copyOf(violations);
  }

  List<Violation> violations() {
    return violations;
  }
}
