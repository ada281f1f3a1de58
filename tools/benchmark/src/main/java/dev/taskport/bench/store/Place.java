package dev.taskport.bench.store;

/** The place of a page in a list. */
enum Place {
  FIRST,
  MIDDLE,
  LAST
}
