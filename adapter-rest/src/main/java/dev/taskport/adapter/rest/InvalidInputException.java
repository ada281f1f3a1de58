package dev.taskport.adapter.rest;

import java.util.List;

/** The request is understood, but its values are not acceptable: 422. */
final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Violation> violations;

  InvalidInputException(List<Violation> violations) {
    super(violations.toString());
    this.violations = List.copyOf(violations);
  }

  List<Violation> violations() {
    return violations;
  }
}
