package dev.taskport.hexagon;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.domain.PackageMatchers;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The shape of an application, for {@link HexagonRules} to check. Only the domain is required.
 * Immutable and thread-safe: each method that takes a layer returns a changed copy.
 *
 * <pre>
 *   driving adapters ──&gt; application ──&gt; domain &lt;── driven adapters
 *                             the app wires them all
 * </pre>
 */
public final class Hexagon {
  private static final Pattern WILDCARD = Pattern.compile("\\.?[^.]*[*(\\[].*|\\.\\..*");

  private final String root;
  private final Layer domain;
  private final @Nullable Layer application;
  private final List<Layer> drivingAdapters;
  private final List<Layer> drivenAdapters;
  private final @Nullable Layer app;
  private final Predicate<? super JavaClass> ports;
  private final List<String> others;
  private final PackageMatchers inOthers;
  private final PackageMatcher underRoot;
  private @Nullable JavaClasses classes;

  private Hexagon(
      String root,
      Layer domain,
      @Nullable Layer application,
      List<Layer> drivingAdapters,
      List<Layer> drivenAdapters,
      @Nullable Layer app,
      Predicate<? super JavaClass> ports,
      List<String> others) {
    this.root = root;
    this.domain = domain;
    this.application = application;
    this.drivingAdapters = drivingAdapters;
    this.drivenAdapters = drivenAdapters;
    this.app = app;
    this.ports = ports;
    this.others = others;
    this.inOthers = PackageMatchers.of(others);
    this.underRoot = PackageMatcher.of(root + "..");
  }

  /**
   * Begins a hexagon.
   *
   * @param root the package that contains the application, without a wildcard. A layer may lie
   *     outside, such as a domain that is a library.
   * @param domain the values and the ports; uses no other layer
   */
  public static Hexagon in(String root, Layer domain) {
    return new Hexagon(
        root,
        domain,
        null,
        List.of(),
        List.of(),
        null,
        type -> type.getSimpleName().endsWith("Repository"),
        List.of());
  }

  /** ... with the use cases in this layer, which uses the domain. */
  public Hexagon application(Layer layer) {
    return new Hexagon(root, domain, layer, drivingAdapters, drivenAdapters, app, ports, others);
  }

  /**
   * ... with these layers that call the use cases, such as a web server. Each may use the
   * application and the domain, but no other adapter.
   */
  public Hexagon drivingAdapters(Layer... layers) {
    return new Hexagon(
        root, domain, application, List.of(layers), drivenAdapters, app, ports, others);
  }

  /**
   * ... with these layers that implement the ports, such as a database. Each may use the domain and
   * the ports, but no other adapter.
   */
  public Hexagon drivenAdapters(Layer... layers) {
    return new Hexagon(
        root, domain, application, drivingAdapters, List.of(layers), app, ports, others);
  }

  /**
   * ... with {@code main} and the wiring in this layer. It may use every layer, and no layer may
   * use it. For a main class in the root package, this is {@code Layer.in("com.example")}.
   */
  public Hexagon app(Layer layer) {
    return new Hexagon(
        root, domain, application, drivingAdapters, drivenAdapters, layer, ports, others);
  }

  /**
   * ... with these ports. The default are the classes whose names end in {@code Repository}.
   *
   * @param isPort decides for each class of the domain and the application whether it is a port.
   *     Driven adapters may use ports of the application, so say {@code true} also for other
   *     classes of the application that a port's methods need
   */
  public Hexagon ports(Predicate<? super JavaClass> isPort) {
    return new Hexagon(
        root, domain, application, drivingAdapters, drivenAdapters, app, isPort, others);
  }

  /**
   * ... without these packages, which lie under the root but don't belong to the application, such
   * as a test kit. No layer may use them.
   */
  public Hexagon without(String... packagePatterns) {
    return new Hexagon(
        root,
        domain,
        application,
        drivingAdapters,
        drivenAdapters,
        app,
        ports,
        List.of(packagePatterns));
  }

  /**
   * The application's classes on the class path, without those of tests. The first call reads them,
   * which takes seconds.
   */
  public synchronized JavaClasses classes() {
    if (classes == null) {
      classes =
          new ClassFileImporter()
              .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
              .importPackages(packagesToRead())
              .that(DescribedPredicate.describe("are of the application", this::isOfApplication));
    }
    return classes;
  }

  Layer domain() {
    return domain;
  }

  /** The domain and the application. */
  List<Layer> core() {
    return present(domain, application);
  }

  /** The driving and the driven adapters. */
  List<Layer> adapters() {
    return Stream.concat(drivingAdapters.stream(), drivenAdapters.stream()).toList();
  }

  /** The adapters and the app. */
  List<Layer> outside() {
    return Stream.concat(adapters().stream(), present(app).stream()).toList();
  }

  List<Layer> layers() {
    return Stream.concat(core().stream(), outside().stream()).toList();
  }

  List<Layer> layersOf(JavaClass type) {
    return layers().stream().filter(layer -> layer.holds(type)).toList();
  }

  @Nullable Layer application() {
    return application;
  }

  boolean isOfApplication(JavaClass type) {
    return !inOthers.test(type.getPackageName()) && isOurs(type);
  }

  /** Whether the type is under the root or in a layer, and so never counts as a library. */
  private boolean isOurs(JavaClass type) {
    return underRoot.matches(type.getPackageName()) || isInALayer(type);
  }

  boolean isPort(JavaClass type) {
    return core().stream().anyMatch(layer -> layer.holds(type)) && ports.test(type);
  }

  /** Says why the classes of the layer may not use the type, and what to do; null if they may. */
  @Nullable String objection(Layer layer, JavaClass used) {
    JavaClass type = used.getBaseComponentType();
    if (type.isPrimitive() || layer.holds(type) || (layer.equals(app) && isInALayer(type))) {
      return null;
    }
    if (!isOurs(type)) {
      return layer.allows(type.getPackageName())
          ? null
          : "if %s may use it, add \"%s\" to using(…) of %s"
              .formatted(describe(layer), type.getPackageName(), layer);
    }
    List<Layer> owners = layersOf(type);
    if (owners.isEmpty()) {
      return "%s is in no layer; add \"%s\" to Layer.in(…) of the layer where it belongs"
          .formatted(type.getSimpleName(), type.getPackageName());
    }
    if ((drivenAdapters.contains(layer) && isPort(type))
        || usableLayers(layer).stream().anyMatch(owners::contains)) {
      return null;
    }
    return "%s uses %s, and %s is in %s"
        .formatted(describe(layer), usable(layer), type.getSimpleName(), describe(owners.get(0)));
  }

  boolean isInALayer(JavaClass type) {
    return layers().stream().anyMatch(layer -> layer.holds(type));
  }

  private List<Layer> usableLayers(Layer layer) {
    if (drivingAdapters.contains(layer)) {
      return core();
    }
    return layer.equals(domain) ? List.of() : List.of(domain);
  }

  private String usable(Layer layer) {
    if (layer.equals(domain)) {
      return "no other layer";
    }
    if (layer.equals(application)) {
      return "no other layer than the domain";
    }
    return drivingAdapters.contains(layer)
        ? "no other layer than application and domain"
        : "no other layer than the domain and the ports";
  }

  /** The layer for messages: {@code the domain (com.example.domain..)}. */
  String describe(Layer layer) {
    return "the %s (%s)".formatted(placeOf(layer), String.join(", ", layer.packages()));
  }

  private String placeOf(Layer layer) {
    if (layer.equals(domain)) {
      return "domain";
    }
    if (layer.equals(application)) {
      return "application";
    }
    if (layer.equals(app)) {
      return "app";
    }
    return drivingAdapters.contains(layer) ? "driving adapter" : "driven adapter";
  }

  private List<String> packagesToRead() {
    List<String> packages = new ArrayList<>(List.of(root));
    layers().stream()
        .flatMap(layer -> layer.packages().stream())
        .map(pattern -> WILDCARD.matcher(pattern).replaceFirst(""))
        .filter(prefix -> !prefix.isEmpty())
        .forEach(packages::add);
    return packages;
  }

  private static List<Layer> present(@Nullable Layer... layers) {
    List<Layer> present = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer != null) {
        present.add(layer);
      }
    }
    return List.copyOf(present);
  }
}
