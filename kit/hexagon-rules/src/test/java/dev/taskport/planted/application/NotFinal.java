package dev.taskport.planted.application;

/** A use case that invites subclasses. */
public class NotFinal {
  public void run() {}
}
