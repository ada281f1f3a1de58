package dev.taskport.planted.domain;

/** Forgets the owner, but is no port. */
interface Countable {
  long count();
}
