package dev.taskport.hexagon;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.PackageMatchers;
import java.util.List;
import java.util.Set;

/**
 * A part of a {@link Hexagon}: some packages, and the rules for them. Which other layers it may use
 * follows from its place in the hexagon. Immutable: each method returns a changed copy.
 *
 * <p>Packages are given as ArchUnit's patterns: {@code com.example} is this package alone, {@code
 * com.example..} includes its subpackages, and {@code com.example.*.domain..} is the domain of
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
   * Begins a layer with these packages. It has at least one class, uses no libraries and exposes
   * nothing.
   */
  public static Layer in(String... packagePatterns) {
    return new Layer(List.of(packagePatterns), 1, Set.of(), Set.of());
  }

  /**
   * ... with at least this many top-level classes. Without the number, a package that was renamed,
   * removed or is not on the class path would break no rule.
   */
  public Layer holdingAtLeast(int classes) {
    return new Layer(packages, classes, libraries, exposedTypes);
  }

  /**
   * ... that may use these packages outside the hexagon, and no others, not even of the JDK. A
   * pattern never allows the use of another layer, however wide it is.
   */
  public Layer using(String... packagePatterns) {
    return new Layer(packages, leastClasses, Set.of(packagePatterns), exposedTypes);
  }

  /** ... that lets other layers use these of its top-level classes, by their simple names. */
  public Layer exposing(String... simpleNames) {
    return new Layer(packages, leastClasses, libraries, Set.of(simpleNames));
  }

  /** The code that begins it, for messages: {@code Layer.in("com.example.web..")}. */
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
