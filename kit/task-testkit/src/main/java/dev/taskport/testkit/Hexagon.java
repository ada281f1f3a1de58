package dev.taskport.testkit;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The shape of an application, for {@link HexagonRules} to check. Immutable.
 *
 * <pre>
 *   driving adapters ──&gt; application ──&gt; domain &lt;── driven adapters
 *                             the app wires them all
 * </pre>
 *
 * @param root the package that holds everything of the application; a layer may lie elsewhere, such
 *     as a domain that comes as a library
 * @param domain the values, and the ports to whatever the application needs; uses no other layer
 * @param application the use cases; uses the domain
 * @param drivingAdapters what calls the use cases, such as a web server; each uses the application
 *     and the domain, none another adapter
 * @param drivenAdapters what implements the ports, such as a database; each uses the domain, none
 *     another adapter
 * @param app the wiring; uses every layer and is used by none
 */
public record Hexagon(
    String root,
    Layer domain,
    Layer application,
    List<Layer> drivingAdapters,
    List<Layer> drivenAdapters,
    Layer app) {

  /** Copies the lists. */
  public Hexagon {
    drivingAdapters = List.copyOf(drivingAdapters);
    drivenAdapters = List.copyOf(drivenAdapters);
  }

  /**
   * The application's classes on the class path, without those of tests.
   *
   * @param otherPackages packages under the root that are no part of the application in production
   */
  public JavaClasses importClasses(String... otherPackages) {
    List<String> packages = new ArrayList<>(List.of(root));
    layers().forEach(layer -> packages.add(layer.packageName()));
    ImportOption withoutOthers =
        location ->
            Stream.of(otherPackages)
                .noneMatch(other -> location.contains("/" + other.replace('.', '/') + "/"));
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(withoutOthers)
        .importPackages(packages);
  }

  /** The domain and the application: what knows neither framework nor outside world. */
  List<Layer> core() {
    return List.of(domain, application);
  }

  List<Layer> adapters() {
    return Stream.of(drivingAdapters, drivenAdapters).flatMap(List::stream).toList();
  }

  List<Layer> layers() {
    return Stream.of(core(), adapters(), List.of(app)).flatMap(List::stream).toList();
  }

  DescribedPredicate<JavaClass> classesOfLayers() {
    return DescribedPredicate.or(layers().stream().map(Layer::classes).toList());
  }

  /** What the classes of this layer may use: some layers by their place, and their libraries. */
  DescribedPredicate<JavaClass> usableBy(Layer layer) {
    List<Layer> usable = new ArrayList<>(List.of(layer));
    if (layer.equals(app)) {
      usable.addAll(layers());
    } else if (drivingAdapters.contains(layer)) {
      usable.addAll(core());
    } else if (!layer.equals(domain)) {
      usable.add(domain);
    }
    DescribedPredicate<JavaClass> ours =
        JavaClass.Predicates.resideInAPackage(root + "..").or(classesOfLayers());
    return DescribedPredicate.describe(
        "what it may use",
        used -> {
          JavaClass type = used.getBaseComponentType();
          // A library pattern never opens a layer, however widely it is written.
          return type.isPrimitive()
              || usable.stream().anyMatch(other -> other.classes().test(type))
              || (!ours.test(type) && layer.allows(type.getPackageName()));
        });
  }
}
