package dev.taskport.planted.domain;

/** Leaves the JVM. */
final class StartsAProcess {
  ProcessBuilder prepare() {
    return new ProcessBuilder("true");
  }
}
