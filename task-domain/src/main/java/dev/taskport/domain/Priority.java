package dev.taskport.domain;

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

  private final String value = Text.lowerCaseAscii(name());

  /**
   * Accepts the name of a priority in upper or lower case.
   *
   * @throws InvalidValueException for anything else
   */
  public static Priority parse(String text) {
    String name = Text.lowerCaseAscii(text);
    for (Priority priority : values()) {
      if (priority.value.equals(name)) {
        return priority;
      }
    }
    throw new InvalidValueException("The priority must be low, medium, high or urgent");
  }

  /** A priority that a store holds; {@link #MEDIUM} for an unknown one. */
  public static Priority stored(String value) {
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
