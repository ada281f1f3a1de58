package dev.taskport.bench;

/** Where in a list a page is. */
enum Place {
  FIRST,
  MIDDLE,
  LAST
}
