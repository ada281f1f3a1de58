package dev.taskport.adapter.rest;

/** The body can't be read as JSON: 400. The message is a sentence for the person who sent it. */
final class MalformedBodyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedBodyException(String message) {
    super(message);
  }
}
