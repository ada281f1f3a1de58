package dev.taskport.planted.application;

import java.util.Collections;
import java.util.List;

/** An order that no test can foresee. */
final class Shuffles {
  void shuffle(List<String> names) {
    Collections.shuffle(names);
  }
}
