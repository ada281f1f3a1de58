package dev.taskport.planted.domain;

/** Past the log. */
final class Prints {
  void print() {
    System.out.println("here");
  }
}
