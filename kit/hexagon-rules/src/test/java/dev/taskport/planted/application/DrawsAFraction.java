package dev.taskport.planted.application;

/** A number that no test can foresee. */
final class DrawsAFraction {
  double next() {
    return Math.random();
  }
}
