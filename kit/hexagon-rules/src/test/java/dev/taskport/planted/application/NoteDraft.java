package dev.taskport.planted.application;

/** Sound: public, and no use case. */
public record NoteDraft(String text) {
  /** The first line. */
  public String firstLine() {
    return text.lines().findFirst().orElse("");
  }
}
