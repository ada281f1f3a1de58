package dev.taskport.planted.application;

/** Brings a public method along; no use case itself. */
abstract class Base {
  public void stop() {}
}
