package dev.taskport.planted.domain;

/** A number that is another one in each test. */
final class CountsForEverybody {
  private static int last;

  int next() {
    return ++last;
  }
}
