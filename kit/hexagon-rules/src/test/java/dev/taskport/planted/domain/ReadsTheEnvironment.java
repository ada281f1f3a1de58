package dev.taskport.planted.domain;

/** A setting that nobody hands in. */
final class ReadsTheEnvironment {
  String home() {
    return System.getenv("HOME");
  }
}
