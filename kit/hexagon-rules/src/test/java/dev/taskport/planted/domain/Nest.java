package dev.taskport.planted.domain;

/** The other half, in a nested class. */
record Nest(String place) {
  record Place(Hen hen) {}
}
