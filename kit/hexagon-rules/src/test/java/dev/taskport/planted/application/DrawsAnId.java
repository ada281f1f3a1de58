package dev.taskport.planted.application;

import java.util.UUID;

/** An id that no test can foresee. */
final class DrawsAnId {
  UUID next() {
    return UUID.randomUUID();
  }
}
