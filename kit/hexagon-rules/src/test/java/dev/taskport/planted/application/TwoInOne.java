package dev.taskport.planted.application;

/** Two use cases. */
public final class TwoInOne {
  public void start() {}

  public void stop() {}
}
