package dev.taskport.hexagon;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The conditions of {@link HexagonRules} that ArchUnit doesn't have. */
final class HexagonConditions {
  static final DescribedPredicate<JavaClass> IS_GENERATED =
      DescribedPredicate.describe(
          "generated",
          type ->
              type.getAnnotations().stream()
                      .anyMatch(
                          annotation -> annotation.getRawType().getSimpleName().equals("Generated"))
                  || type.getEnclosingClass().filter(HexagonConditions::isGenerated).isPresent());

  static final DescribedPredicate<JavaClass> IS_TOP_LEVEL =
      DescribedPredicate.describe(
          "top-level",
          type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"));

  private HexagonConditions() {}

  /** The condition, which also fails if there is no class to check: with this message. */
  static ArchCondition<JavaClass> ofSome(ArchCondition<JavaClass> condition, String otherwise) {
    return new ArchCondition<>(condition.getDescription()) {
      private boolean none;

      @Override
      public void init(Collection<JavaClass> types) {
        none = types.isEmpty();
        condition.init(types);
      }

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        condition.check(type, events);
      }

      @Override
      public void finish(ConditionEvents events) {
        condition.finish(events);
        if (none) {
          events.add(violated(otherwise, otherwise));
        }
      }
    };
  }

  static ArchCondition<JavaClass> resideInOneLayer(Hexagon hexagon) {
    return condition(
        "reside in one layer",
        (type, events) -> {
          List<Layer> layers = hexagon.layersOf(type);
          if (layers.isEmpty()) {
            events.add(
                violated(
                    type,
                    "%s is in no layer in %s: add \"%s\" to Layer.in(…) of the layer where it belongs, or to without(…) if it is no part of the application"
                        .formatted(
                            type.getDescription(),
                            type.getSourceCodeLocation(),
                            type.getPackageName())));
          } else if (layers.size() > 1) {
            events.add(
                violated(
                    type,
                    "%s is in %d layers in %s, in %s: narrow the patterns in Layer.in(…) of one"
                        .formatted(
                            type.getDescription(),
                            layers.size(),
                            type.getSourceCodeLocation(),
                            layers.stream()
                                .map(hexagon::describe)
                                .collect(Collectors.joining(" and ")))));
          }
        });
  }

  static ArchCondition<JavaClass> useOnlyWhatMayBeUsedBy(Layer layer, Hexagon hexagon) {
    return condition(
        "use only what " + hexagon.describe(layer) + " may use",
        (type, events) -> {
          for (Dependency use : type.getDirectDependenciesFromSelf()) {
            String objection = hexagon.objection(layer, use.getTargetClass());
            if (objection != null) {
              events.add(violated(use, use.getDescription() + ": " + objection));
            }
          }
        });
  }

  static ArchCondition<JavaClass> haveOnlyFinalStaticFields(Layer layer, Hexagon hexagon) {
    return condition(
        "have only final static fields",
        (type, events) ->
            type.getFields().stream()
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
                .forEach(
                    field ->
                        events.add(
                            violated(
                                field,
                                "%s in %s is static and not final in %s: make it final, or keep it in an object that is passed to whoever needs it"
                                    .formatted(
                                        field.getDescription(),
                                        hexagon.describe(layer),
                                        type.getSourceCodeLocation())))));
  }

  static ArchCondition<JavaClass> numberAtLeast(Layer layer, Hexagon hexagon) {
    return new ArchCondition<>("number at least " + layer.leastClasses()) {
      private int number;

      @Override
      public void init(Collection<JavaClass> types) {
        number = types.size();
      }

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        // Only after all classes have been seen is the number known.
      }

      @Override
      public void finish(ConditionEvents events) {
        if (number < layer.leastClasses()) {
          events.add(
              violated(
                  layer,
                  "%s holds only %d of at least %d top-level classes: say in Layer.in(…) where they are now, or lower holdingAtLeast(…)"
                      .formatted(hexagon.describe(layer), number, layer.leastClasses())));
        }
      }
    };
  }

  static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return condition(
        "reside in a package that is @NullMarked",
        (type, events) -> {
          if (!type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
            events.add(
                violated(
                    type,
                    "%s resides in %s, whose package-info.java is missing or not @NullMarked in %s"
                        .formatted(
                            type.getDescription(),
                            type.getPackageName(),
                            type.getSourceCodeLocation())));
          }
        });
  }

  /** Also checks that each exposed class exists and is public, so that the list stays true. */
  static ArchCondition<JavaClass> beUsedOutsideOnlyIfExposedBy(Layer layer, Hexagon hexagon) {
    Set<String> exposed = layer.exposedTypes();
    return new ArchCondition<>("be used outside it only as one of " + new TreeSet<>(exposed)) {
      private final Set<String> missing = new TreeSet<>(exposed);

      @Override
      public void init(Collection<JavaClass> types) {
        missing.addAll(exposed);
      }

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (exposed.contains(type.getSimpleName())) {
          if (isPublic(type)) {
            missing.remove(type.getSimpleName());
          }
          return;
        }
        type.getDirectDependenciesToSelf().stream()
            .filter(use -> !layer.holds(use.getOriginClass()))
            .filter(use -> hexagon.isOfApplication(use.getOriginClass()))
            .forEach(
                use ->
                    events.add(
                        violated(
                            type,
                            "%s: %s does not expose it; if others may use it, add \"%s\" to exposing(…) of %s"
                                .formatted(
                                    use.getDescription(),
                                    hexagon.describe(layer),
                                    type.getSimpleName(),
                                    layer))));
      }

      @Override
      public void finish(ConditionEvents events) {
        for (String name : missing) {
          events.add(
              violated(
                  name,
                  "%s exposes %s, but has no public class of that name: take it out of exposing(…) of %s"
                      .formatted(hexagon.describe(layer), name, layer)));
        }
      }
    };
  }

  static ArchCondition<JavaClass> beFinalWithOnePublicMethod() {
    return condition(
        "be final and have one public method",
        (type, events) -> {
          if (!type.getModifiers().contains(JavaModifier.FINAL)) {
            events.add(
                violated(
                    type,
                    "%s is not final in %s"
                        .formatted(type.getDescription(), type.getSourceCodeLocation())));
          }
          List<JavaMethod> methods = publicMethodsOf(type);
          if (methods.size() != 1) {
            events.add(
                violated(
                    type,
                    "%s has %d public methods (%s) in %s"
                        .formatted(
                            type.getDescription(),
                            methods.size(),
                            namesOf(methods),
                            type.getSourceCodeLocation())));
          }
        });
  }

  static ArchCondition<JavaClass> takeInEveryMethodFirst(Class<?> owner) {
    return condition(
        "take in every method a " + owner.getSimpleName() + " first",
        (type, events) ->
            publicMethodsOf(type).stream()
                .filter(method -> !method.getModifiers().contains(JavaModifier.STATIC))
                .filter(method -> !takesFirst(method, owner))
                .forEach(
                    method ->
                        events.add(
                            violated(
                                type,
                                "%s, a method of the port %s, does not take a %s first in %s: add the parameter, or say in ports(…) that this is no port"
                                    .formatted(
                                        method.getDescription(),
                                        type.getName(),
                                        owner.getSimpleName(),
                                        type.getSourceCodeLocation())))));
  }

  static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC);
  }

  private static boolean isGenerated(JavaClass type) {
    return IS_GENERATED.test(type);
  }

  /** Includes inherited methods, except those of {@link Object}. */
  private static List<JavaMethod> publicMethodsOf(JavaClass type) {
    return type.getAllMethods().stream()
        .filter(method -> !method.getOwner().isEquivalentTo(Object.class))
        .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
        .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
        .toList();
  }

  private static boolean takesFirst(JavaMethod method, Class<?> owner) {
    List<JavaClass> parameters = method.getRawParameterTypes();
    return !parameters.isEmpty() && parameters.get(0).isEquivalentTo(owner);
  }

  private static String namesOf(List<JavaMethod> methods) {
    return methods.stream().map(JavaMethod::getName).sorted().collect(Collectors.joining(", "));
  }

  private static ArchCondition<JavaClass> condition(
      String description, BiConsumer<JavaClass, ConditionEvents> check) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        check.accept(type, events);
      }
    };
  }
}
