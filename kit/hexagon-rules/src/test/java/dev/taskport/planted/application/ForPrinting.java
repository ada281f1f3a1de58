package dev.taskport.planted.application;

/** A port of the application that forgets the owner. */
public interface ForPrinting {
  void print(String text);
}
