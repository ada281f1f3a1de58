package dev.taskport.planted.adapter.web;

import org.generator.Generated;
import org.junit.jupiter.api.Tag;

/** Sound: marked as annotation processors mark what they generate. */
@Generated
@Tag("framework")
public final class $NotePage$Definition {
  /** Sound, like its enclosing class. */
  @Tag("framework")
  public static final class Reference {}
}
