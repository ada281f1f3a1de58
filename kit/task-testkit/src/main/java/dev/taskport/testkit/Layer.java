package dev.taskport.testkit;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.PackageMatchers;
import java.util.Set;

/**
 * A part of a {@link Hexagon}: a package with its subpackages, and what is special about it. What
 * layers may use of each other follows from their places in the hexagon. Immutable.
 *
 * @param packageName the full name of the package
 * @param leastClasses how many top-level classes the layer holds at least. Rules about a package
 *     that is gone, renamed or not on the class path are kept by everybody; this number tells
 * @param libraries what else its classes may use, as ArchUnit's package patterns, such as {@code
 *     java.util..}
 * @param exposedTypes outside the core: the simple names of those top-level classes that other
 *     layers may use
 */
public record Layer(
    String packageName, int leastClasses, Set<String> libraries, Set<String> exposedTypes) {

  /** Copies the sets. */
  public Layer {
    if (leastClasses < 1) {
      throw new IllegalArgumentException(
          "The layer " + packageName + " must be expected to hold a class, or it is none");
    }
    libraries = Set.copyOf(libraries);
    exposedTypes = Set.copyOf(exposedTypes);
  }

  /** Begins a layer of at least one class, without libraries, and with nothing public. */
  public static Layer in(String packageName) {
    return new Layer(packageName, 1, Set.of(), Set.of());
  }

  /** ... of at least so many top-level classes. */
  public Layer holdingAtLeast(int classes) {
    return new Layer(packageName, classes, libraries, exposedTypes);
  }

  /** ... that may use these libraries and no others, not even of the JDK. */
  public Layer using(String... packagePatterns) {
    return new Layer(packageName, leastClasses, Set.of(packagePatterns), exposedTypes);
  }

  /** ... of whose classes other layers may use these, by their simple names. */
  public Layer exposing(String... simpleNames) {
    return new Layer(packageName, leastClasses, libraries, Set.of(simpleNames));
  }

  DescribedPredicate<JavaClass> classes() {
    return JavaClass.Predicates.resideInAPackage(packageName + "..");
  }

  boolean allows(String library) {
    return PackageMatchers.of(libraries).test(library);
  }
}
