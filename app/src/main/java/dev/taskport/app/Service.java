package dev.taskport.app;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.database.DatabaseProperties;
import dev.taskport.adapter.postgres.database.SchemaReadiness;
import dev.taskport.adapter.rest.http.RestProperties;
import dev.taskport.adapter.rest.operation.Connections;
import dev.taskport.adapter.rest.operation.Draining;
import dev.taskport.adapter.rest.service.Health;
import dev.taskport.adapter.rest.token.TokenSettings;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.RuntimeBeanDefinition;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.http.ssl.CertificateProvider;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole service, from start to stop. */
final class Service implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);

  private static final long RETRY_MS = 500;
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /**
   * How many requests, for each connection to the database, are accepted in any case: so none waits
   * much longer than one other takes.
   */
  private static final int REQUESTS_PER_CONNECTION = 2;

  /** Beside these: one user's searches and counts may wait, and leave room for others. */
  private static final int MORE_REQUESTS = 15;

  /** How many requests there may be for each connection: so many threads, before JDK 21. */
  private static final int MOST_PER_CONNECTION = Runtime.version().feature() < 21 ? 16 : 256;

  private final Settings settings;
  private final Database database;
  private final ApplicationContext context;
  private final EmbeddedServer server;
  private final @Nullable Management management;
  private final @Nullable Tracing tracing;
  private final CountDownLatch delayIsOver = new CountDownLatch(1);
  private final CountDownLatch graceIsOver = new CountDownLatch(1);

  private Service(
      Settings settings,
      Database database,
      ApplicationContext context,
      EmbeddedServer server,
      @Nullable Management management,
      @Nullable Tracing tracing) {
    this.settings = settings;
    this.management = management;
    this.tracing = tracing;
    this.database = database;
    this.context = context;
    this.server = server;
  }

  /**
   * Starts the embedded database if needed, migrates the schema, then listens for requests. If the
   * database is away, it listens all the same, answers 503, and migrates when the database is
   * there.
   *
   * @param fail called if that later migration is refused; the service can't become ready then
   */
  static Service start(Settings settings, Consumer<SettingsException> fail) {
    requireFreePort(settings);
    Integer managementPort = settings.managementPort();
    Management management =
        managementPort == null ? null : Management.listen(settings.host(), managementPort);
    TraceSettings traces = settings.traces();
    Tracing tracing = traces == null ? null : Tracing.start(traces);
    try {
      return start(settings, management, tracing, fail);
    } catch (RuntimeException e) {
      if (tracing != null) {
        tracing.close();
      }
      if (management != null) {
        management.close();
      }
      throw e;
    }
  }

  private static Service start(
      Settings settings,
      @Nullable Management management,
      @Nullable Tracing tracing,
      Consumer<SettingsException> fail) {
    Database database = Database.open(settings);
    try {
      database.requireConnections(settings.databasePoolSize());
      String away = database.migrateIfThere(true);
      SchemaReadiness schema = away == null ? SchemaReadiness.ready() : SchemaReadiness.pending();
      ApplicationContext context =
          context(settings, database.address(), schema, management, tracing);
      try {
        EmbeddedServer server = listen(settings, context);
        if (management != null) {
          management.serve(context.getBean(Health.class));
        }
        Service service = new Service(settings, database, context, server, management, tracing);
        if (away != null) {
          LOG.warn("{}: the service starts without it, and answers 503 until it is there", away);
          Thread thread =
              new Thread(() -> service.migrateWhenThere(schema, fail), "database-awaited");
          thread.setDaemon(true);
          thread.start();
        }
        return service;
      } catch (RuntimeException e) {
        context.close();
        throw e;
      }
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private void migrateWhenThere(SchemaReadiness schema, Consumer<SettingsException> fail) {
    long lastLine = System.nanoTime();
    try {
      while (context.isRunning()) {
        String away = database.migrateIfThere(false);
        if (away == null) {
          schema.complete();
          LOG.info("The database is there: the service is ready");
          return;
        }
        if (System.nanoTime() - lastLine >= BETWEEN_LINES.toNanos()) {
          LOG.warn("{}: still waiting for it", away);
          lastLine = System.nanoTime();
        }
        Thread.sleep(RETRY_MS);
      }
    } catch (SettingsException e) {
      fail.accept(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static EmbeddedServer listen(Settings settings, ApplicationContext context) {
    try {
      return context.getBean(EmbeddedServer.class).start();
    } catch (ServerStartupException e) {
      throw cannotListen(settings, e.getCause() == null ? e : e.getCause());
    }
  }

  /**
   * Checks the port first, so that no database is created or migrated for a service that can't
   * start.
   */
  private static void requireFreePort(Settings settings) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(settings.host(), settings.port()));
    } catch (IOException e) {
      throw cannotListen(settings, e);
    }
  }

  private static SettingsException cannotListen(Settings settings, Throwable cause) {
    return new SettingsException(
        "PORT: can't listen on port %d of %s (%s): set PORT or HOST to another, or stop what uses it"
            .formatted(settings.port(), settings.host(), cause.getMessage()));
  }

  private static ApplicationContext context(
      Settings settings,
      DatabaseAddress address,
      SchemaReadiness schema,
      @Nullable Management management,
      @Nullable Tracing tracing) {
    int port = settings.port() == 0 ? -1 : settings.port();
    TlsCertificateFiles tls = settings.tls();
    TokenSettings tokens = settings.tokens();
    return ApplicationContext.builder()
        .banner(false)
        // Only Taskport's own settings are read. Otherwise MICRONAUT_SECURITY_ENABLED=false, for
        // example, in the environment, a system property or a file would open the service
        // unnoticed.
        .enableDefaultPropertySources(false)
        .environmentPropertySource(false)
        .properties(
            Map.of(
                "micronaut.application.name",
                "taskport",
                "micronaut.server.host",
                settings.host(),
                "micronaut.server.port",
                port,
                "taskport.problems.media-type",
                settings.errorContentType(),
                "taskport.writes.require-if-match",
                settings.requireIfMatch(),
                "taskport.idempotency.retention",
                settings.idempotencyRetention(),
                "taskport.http.concurrent-requests",
                REQUESTS_PER_CONNECTION * settings.databasePoolSize() + MORE_REQUESTS,
                "taskport.http.most-concurrent-requests",
                MOST_PER_CONNECTION * settings.databasePoolSize()))
        .properties(
            Map.of(
                "taskport.deletions.content-retention",
                settings.deletedRetention(),
                "taskport.deletions.retention",
                settings.changesRetention()))
        .properties(RestProperties.of(settings.corsOrigins()))
        .properties(settings.http().properties())
        .properties(
            tls == null
                ? Map.of()
                : RestProperties.tls(port, tls.getName(), settings.http().maxHeaderBytes()))
        .beanDefinitions(tls == null ? new RuntimeBeanDefinition<?>[0] : named(tls))
        .properties(
            tokens == null ? RestProperties.withoutAuthentication(hosts(settings)) : Map.of())
        // Beans, not properties: in a property, part of a secret could be read as a placeholder.
        .singletons(tokens == null ? new Object[] {schema} : new Object[] {schema, tokens})
        .singletons(management == null ? new Object[0] : new Object[] {management.registry()})
        .singletons(tracing == null ? new Object[0] : new Object[] {tracing.tracer()})
        .properties(
            DatabaseProperties.of(
                address.jdbcUrl(),
                address.username(),
                address.password(),
                settings.databasePoolSize(),
                settings.databaseTimeout(),
                settings.databaseBatches()))
        .start();
  }

  /** The names that a service without authentication goes by. */
  private static List<String> hosts(Settings settings) {
    return Stream.concat(Stream.of(settings.host()), settings.http().allowedHosts().stream())
        .toList();
  }

  private static RuntimeBeanDefinition<?>[] named(CertificateProvider provider) {
    return new RuntimeBeanDefinition<?>[] {
      RuntimeBeanDefinition.builder(provider).named(provider.getName()).build()
    };
  }

  /** The application context. */
  ApplicationContext context() {
    return context;
  }

  /** The URL of the port for metrics and health; null if there is none. */
  @Nullable String managementUrl() {
    return management == null ? null : management.url();
  }

  /** The URL at which the service listens. */
  URI uri() {
    return server.getURI();
  }

  /**
   * Stops in this order: the service is no longer ready, but still serves for the drain delay; then
   * it accepts no more connections, and finishes the requests under way within the grace; then it
   * closes the connections to the database, sends the last spans, and stops the embedded server
   * last.
   */
  @Override
  public void close() {
    try {
      context.getBean(Draining.class).begin();
      var unused = delayIsOver.await(settings.drainDelay().toMillis(), TimeUnit.MILLISECONDS);
      delayIsOver.countDown();
      if (!closeConnections()) {
        LOG.warn("Requests were still under way when the time to finish them was over");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      context.close();
      if (tracing != null) {
        tracing.close();
      }
      if (management != null) {
        management.close();
      }
      database.close();
    }
  }

  private boolean closeConnections() throws InterruptedException {
    Connections connections = context.getBean(Connections.class);
    long end = System.nanoTime() + settings.shutdownGrace().toNanos();
    while (System.nanoTime() < end && graceIsOver.getCount() > 0) {
      if (connections.close(BETWEEN_LOOKS)) {
        return true;
      }
    }
    return connections.close(Duration.ZERO);
  }

  /**
   * Makes {@link #close} quicker: the first time it doesn't wait for the drain delay, the second
   * time nor for requests under way.
   */
  synchronized void hurry() {
    if (delayIsOver.getCount() > 0) {
      if (!settings.drainDelay().isZero()) {
        LOG.info("Stopping without the drain delay");
      }
      delayIsOver.countDown();
    } else {
      graceIsOver.countDown();
    }
  }
}
