package dev.taskport.planted.application;

/** Two use cases, one of which is inherited. */
public final class Inherits extends Base {
  public void run() {}
}
