package dev.taskport.planted.application;

import java.util.Random;

/** A number that no test can foresee. */
final class DrawsANumber {
  private final Random random = new Random();

  int next() {
    return random.nextInt();
  }
}
