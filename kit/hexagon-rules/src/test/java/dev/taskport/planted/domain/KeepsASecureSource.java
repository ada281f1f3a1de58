package dev.taskport.planted.domain;

import java.security.SecureRandom;

/** A source that all share, and no test can foresee. */
final class KeepsASecureSource {
  private static final SecureRandom SHARED = new SecureRandom();

  int next() {
    return SHARED.nextInt();
  }
}
