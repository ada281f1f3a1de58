package dev.taskport.planted.adapter.web;

import io.micronaut.core.annotation.Generated;
import org.junit.jupiter.api.Tag;

/** Sound: marked as Micronaut marks what it generates. */
@Generated
@Tag("framework")
public final class $NotePage$Definition {
  /** Sound, like its enclosing class. */
  @Tag("framework")
  public static final class Reference {}
}
