package dev.taskport.bench.server;

import java.util.Locale;

/** Prints progress on the standard error. The results go to the standard output. */
public final class Progress {
  private static final long BEGIN = System.nanoTime();

  private Progress() {}

  @SuppressWarnings({"SystemOut", "AnnotateFormatMethod"}) // a program for the terminal
  public static void say(String format, Object... arguments) {
    double seconds = (System.nanoTime() - BEGIN) / 1e9;
    System.err.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, format.formatted(arguments));
  }
}
