package dev.taskport.planted.application;

import java.util.random.RandomGenerator;

/** A number that no test can foresee. */
final class PicksARandomSource {
  int next() {
    return RandomGenerator.getDefault().nextInt();
  }
}
