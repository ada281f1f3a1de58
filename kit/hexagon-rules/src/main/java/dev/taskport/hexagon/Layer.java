package dev.taskport.hexagon;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.PackageMatchers;
import java.util.List;
import java.util.Set;

/**
 * A part of a {@link Hexagon}: some packages, and what is special about them. What layers may use
 * of each other follows from their places in the hexagon. Immutable; what looks like a setter
 * answers a layer with one thing changed.
 *
 * <p>Packages are said by ArchUnit's patterns: {@code com.example} is this package alone, {@code
 * com.example..} has its subpackages too, {@code com.example.*.domain..} is the same layer of
 * several parts.
 */
public final class Layer {
  private final List<String> packages;
  private final int leastClasses;
  private final Set<String> libraries;
  private final Set<String> exposedTypes;
  private final PackageMatchers inPackages;
  private final PackageMatchers inLibraries;

  private Layer(
      List<String> packages, int leastClasses, Set<String> libraries, Set<String> exposedTypes) {
    if (packages.isEmpty()) {
      throw new IllegalArgumentException("A layer must have a package: name one in Layer.in(…)");
    }
    if (leastClasses < 1) {
      throw new IllegalArgumentException(
          "The layer " + packages + " must be expected to hold a class, or it is none");
    }
    this.packages = packages;
    this.leastClasses = leastClasses;
    this.libraries = libraries;
    this.exposedTypes = exposedTypes;
    this.inPackages = PackageMatchers.of(packages);
    this.inLibraries = PackageMatchers.of(libraries);
  }

  /**
   * Begins a layer of the packages of these patterns, with at least one class, without libraries,
   * and with nothing exposed.
   */
  public static Layer in(String... packagePatterns) {
    return new Layer(List.of(packagePatterns), 1, Set.of(), Set.of());
  }

  /**
   * ... of at least so many top-level classes. Rules about a package that is gone, renamed or not
   * on the class path are kept by everybody; this number tells.
   */
  public Layer holdingAtLeast(int classes) {
    return new Layer(packages, classes, libraries, exposedTypes);
  }

  /**
   * ... that may use the packages of these patterns outside the hexagon, and no others, not even of
   * the JDK. No pattern opens another layer, however widely it is written.
   */
  public Layer using(String... packagePatterns) {
    return new Layer(packages, leastClasses, Set.of(packagePatterns), exposedTypes);
  }

  /** ... of whose top-level classes other layers may use these, by their simple names. */
  public Layer exposing(String... simpleNames) {
    return new Layer(packages, leastClasses, libraries, Set.of(simpleNames));
  }

  /** As its beginning is written, for messages: {@code Layer.in("com.example.web..")}. */
  @Override
  public String toString() {
    return "Layer.in(\"" + String.join("\", \"", packages) + "\")";
  }

  List<String> packages() {
    return packages;
  }

  int leastClasses() {
    return leastClasses;
  }

  Set<String> exposedTypes() {
    return exposedTypes;
  }

  boolean holds(JavaClass type) {
    return inPackages.test(type.getPackageName());
  }

  boolean allows(String library) {
    return inLibraries.test(library);
  }
}
