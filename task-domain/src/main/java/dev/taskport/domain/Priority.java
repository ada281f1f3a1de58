package dev.taskport.domain;

import java.util.List;

/** How urgent a task is, the least urgent first. */
public enum Priority {
  /** Can wait. */
  LOW,
  /** The default. */
  MEDIUM,
  /** Comes before others. */
  HIGH,
  /** Comes first. */
  URGENT;

  private static final List<Priority> ALL = List.of(values());

  private final String value = Text.lowerCaseAscii(name());

  /**
   * Accepts the name of a priority in upper or lower case.
   *
   * @throws InvalidValueException for anything else
   */
  public static Priority parse(String text) {
    String name = Text.lowerCaseAscii(text);
    for (Priority priority : ALL) {
      if (priority.value.equals(name)) {
        return priority;
      }
    }
    throw new InvalidValueException("The priority must be low, medium, high or urgent");
  }

  /** A priority that a store holds; {@link #MEDIUM} for an unknown one. */
  public static Priority stored(String value) {
    for (Priority priority : ALL) {
      if (priority.value.equals(value)) {
        return priority; // as nearly all are written
      }
    }
    try {
      return parse(value);
    } catch (InvalidValueException e) {
      return MEDIUM; // an older program may have had other priorities
    }
  }

  /** Its name in lower case. */
  public String value() {
    return value;
  }
}
