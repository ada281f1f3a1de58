package dev.taskport.app.faults;

/**
 * A request and its answer.
 *
 * @param invoked when it was sent, in nanoseconds of any clock
 * @param returned when the answer was there, by the same clock; of no meaning if it is unknown
 */
record Operation(Request request, Answer answer, long invoked, long returned) {
  boolean isKnown() {
    return !(answer instanceof Answer.Unknown);
  }
}
