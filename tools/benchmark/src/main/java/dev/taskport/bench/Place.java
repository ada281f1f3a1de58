package dev.taskport.bench;

/** The place of a page in a list. */
enum Place {
  FIRST,
  MIDDLE,
  LAST
}
