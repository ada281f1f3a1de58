package dev.taskport.planted.application;

import java.util.concurrent.ThreadLocalRandom;

/** A number that no test can foresee. */
final class SharesARandomSource {
  int next() {
    return ThreadLocalRandom.current().nextInt();
  }
}
