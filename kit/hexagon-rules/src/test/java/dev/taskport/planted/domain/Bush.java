package dev.taskport.planted.domain;

/** Sound: a circle in one file. */
record Bush(Twig twig) {
  record Twig(Bush bush) {}
}
