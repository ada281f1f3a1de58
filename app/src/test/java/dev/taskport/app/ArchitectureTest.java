package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.taskport.domain.StoreHealth;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.hexagon.AcyclicFilesContract;
import dev.taskport.hexagon.ExposedTypesContract;
import dev.taskport.hexagon.Hexagon;
import dev.taskport.hexagon.HexagonContract;
import dev.taskport.hexagon.HexagonRules;
import dev.taskport.hexagon.Layer;
import dev.taskport.hexagon.NullMarkedContract;
import dev.taskport.hexagon.OwnerFirstContract;
import dev.taskport.hexagon.UseCaseContract;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may use what. A new library of a layer is added here, on purpose and where a review sees it;
 * the numbers of classes grow with the layers.
 */
class ArchitectureTest
    implements HexagonContract,
        UseCaseContract,
        OwnerFirstContract,
        ExposedTypesContract,
        AcyclicFilesContract,
        NullMarkedContract {
  private static final String[] PURE_JAVA = {
    "java.lang",
    "java.lang.annotation",
    "java.time..",
    "java.util",
    "java.util.concurrent",
    "java.util.function",
    "java.util.regex",
    "java.util.stream",
    "org.jspecify.annotations"
  };

  private static final Layer DOMAIN =
      Layer.in("dev.taskport.domain..").holdingAtLeast(35).using(PURE_JAVA);

  private static final Layer APPLICATION =
      Layer.in("dev.taskport.application..").holdingAtLeast(13).using(PURE_JAVA);

  private static final Layer REST =
      Layer.in("dev.taskport.adapter.rest..")
          .holdingAtLeast(25)
          .exposing(
              "AddressBlock",
              "BasePath",
              "Connections",
              "Draining",
              "Health",
              "RestProperties",
              "TokenSettings")
          .using(
              "java.io..",
              "java.lang..",
              "java.net..",
              "java.nio..",
              "java.security..",
              "java.text",
              "java.time..",
              "java.util..",
              "org.jspecify.annotations",
              "org.slf4j..",
              "jakarta.inject",
              "io.micrometer.core.instrument",
              "io.micronaut.context..",
              "io.micronaut.core..",
              "io.micronaut.http..",
              "io.micronaut.inject",
              "io.micronaut.json",
              "io.micronaut.runtime.graceful",
              "io.micronaut.runtime.server.event",
              "io.micronaut.scheduling..",
              "io.micronaut.security..",
              "io.micronaut.serde..",
              "io.micronaut.web.router..",
              "io.opentelemetry.api..",
              "io.opentelemetry.context..",
              "com.fasterxml.jackson.annotation..",
              "com.fasterxml.jackson.core..",
              "com.nimbusds.jose..",
              "com.nimbusds.jwt..",
              "io.github.bucket4j..",
              "io.netty..",
              "org.reactivestreams..",
              "org.snakeyaml.engine.v2.api..",
              "reactor.core..");

  private static final Layer POSTGRES =
      Layer.in("dev.taskport.adapter.postgres..")
          .holdingAtLeast(30)
          .exposing(
              "DatabaseAddress",
              "DatabaseAddressException",
              "DatabaseProperties",
              "DatabaseUrl",
              "Dump",
              "DumpException",
              "EmbeddedPostgres",
              "EmbeddedPostgresException",
              "MigrationException",
              "Migrations",
              "ConnectionEviction",
              "Restore",
              "SchemaReadiness")
          .using(
              "java..",
              "javax.net",
              "javax.sql..",
              "jdk.net",
              "org.jspecify.annotations",
              "org.slf4j..",
              "jakarta.annotation",
              "jakarta.inject",
              "io.micrometer.core.instrument",
              "io.micronaut.configuration.jdbc.hikari",
              "io.micronaut.context..",
              "io.micronaut.core..",
              "io.micronaut.http.netty.channel",
              "io.micronaut.runtime.event.annotation",
              "io.micronaut.runtime.server.event",
              "io.micronaut.scheduling",
              "io.opentelemetry.api..",
              "io.opentelemetry.context..",
              "com.zaxxer.hikari..",
              "io.netty..",
              "org.apache.commons.compress..",
              "org.flywaydb..",
              "org.postgresql..");

  private static final Layer APP = Layer.in("dev.taskport.app..").holdingAtLeast(5).using("..");

  private static final Hexagon HEXAGON =
      Hexagon.in("dev.taskport", DOMAIN)
          .application(APPLICATION)
          .drivingAdapters(REST)
          .drivenAdapters(POSTGRES)
          .app(APP)
          .ports(ArchitectureTest::isPort)
          .without("dev.taskport.testkit..", "dev.taskport.hexagon..", "dev.taskport.fuzz..");

  /**
   * {@link LogMarks} asks for many users at once, and takes the set of them; {@link StoreHealth} is
   * about no user. They are exempt.
   */
  private static boolean isPort(JavaClass type) {
    return Stream.of(
            TaskRepository.class, TaskChangeLog.class, TaskTrash.class, AsyncTaskRepository.class)
        .anyMatch(type::isEquivalentTo);
  }

  @Test
  void everyInterfaceOfTheDomainThatIsNotSealedIsAPortOrKnownHere() {
    Set<Class<?>> others = Set.of(LogMarks.class, StoreHealth.class, TaskContent.Reader.class);

    assertEquals(
        others,
        HEXAGON.classes().stream()
            .filter(type -> type.getPackageName().startsWith("dev.taskport.domain"))
            .filter(type -> type.isInterface() && !type.getSimpleName().equals("package-info"))
            .filter(type -> !type.reflect().isSealed() && !isPort(type))
            .map(JavaClass::reflect)
            .collect(Collectors.toSet()));
  }

  @Override
  public Hexagon hexagon() {
    return HEXAGON;
  }

  @Override
  public Class<?> owner() {
    return UserId.class;
  }

  /** What is published for others is read by others. */
  @ParameterizedTest
  @ValueSource(strings = {"dev.taskport.testkit", "dev.taskport.hexagon", "dev.taskport.fuzz"})
  void theFilesOfTheKitAreFreeOfCyclesToo(String root) {
    Hexagon kit = Hexagon.in(root, Layer.in(root + "..").using(".."));

    new HexagonRules(kit).filesAreFreeOfCycles().check(kit.classes());
  }
}
