package dev.taskport.testkit;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of a sealed type, to check that a test has tried each of them. */
final class Kinds {
  private Kinds() {}

  /** The classes that values of this type can have. */
  static Set<Class<?>> of(Class<?> type) {
    return leaves(type).collect(Collectors.toSet());
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Kinds::leaves)
        : Stream.of(type);
  }
}
