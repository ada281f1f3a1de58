package dev.taskport.planted.application;

/** No use case. */
public final class NothingToCall {
  void run() {}
}
