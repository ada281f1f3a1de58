package dev.taskport.fuzz;

import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;

/** Where Jazzer enters: hands its inputs to the test that a system property names. */
public final class FuzzTarget {
  static final String CLASS = "fuzz.class";

  private static @Nullable FuzzedParser target;

  private FuzzTarget() {}

  /** Jazzer calls it once, by its name. */
  public static void fuzzerInitialize() throws ReflectiveOperationException {
    Constructor<?> constructor = Class.forName(System.getProperty(CLASS)).getDeclaredConstructor();
    constructor.setAccessible(true);
    target = (FuzzedParser) constructor.newInstance();
  }

  /** Jazzer calls it for each input, by its name. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (target != null) {
      target.parse(input);
    }
  }
}
