package dev.taskport.bench;

import java.util.Locale;

/** What goes on, for the person who waits; the results are apart, on the standard output. */
final class Progress {
  private static final long BEGIN = System.nanoTime();

  private Progress() {}

  @SuppressWarnings({"SystemOut", "AnnotateFormatMethod"}) // a program for the terminal
  static void say(String format, Object... arguments) {
    double seconds = (System.nanoTime() - BEGIN) / 1e9;
    System.err.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, format.formatted(arguments));
  }
}
