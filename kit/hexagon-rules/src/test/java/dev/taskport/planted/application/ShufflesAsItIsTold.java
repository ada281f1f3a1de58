package dev.taskport.planted.application;

import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Sound: the randomness is handed in. */
final class ShufflesAsItIsTold {
  void shuffle(List<String> names, Random random) {
    Collections.shuffle(names, random);
  }
}
