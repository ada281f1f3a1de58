package dev.taskport.app;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.rest.token.TokenSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final DatabaseAddress DATABASE =
      new DatabaseAddress("jdbc:postgresql://db:5432/tasks?sslmode=require", "ann", "s3cret");

  private static final String SECRET = "s3cret-of-more-than-thirty-two-bytes";

  @TempDir Path folder;

  @Test
  void withoutAnySettingTheServiceIsLocalAndOnItsOwnDatabase() {
    assertEquals(
        new Settings(
            null,
            null,
            10,
            Duration.ofSeconds(2),
            true,
            folder.resolve("data"),
            "127.0.0.1",
            8000,
            null,
            new HttpSettings(List.of(), 10_000, 1024, 32, List.of(), "", null),
            List.of("http://localhost:3000", "http://127.0.0.1:3000"),
            "application/problem+json",
            false,
            Duration.ofHours(24),
            Duration.ofDays(30),
            Duration.ofDays(30),
            Duration.ZERO,
            Duration.ofSeconds(10),
            null,
            Settings.LogLevel.INFO,
            Settings.LogFormat.PLAIN,
            true,
            null,
            null),
        Settings.read(Map.of(), folder));
  }

  @Test
  void everySettingIsReadFromTheEnvironment() {
    Map<String, String> environment =
        Map.ofEntries(
            entry("DATABASE_URL", "postgresql+asyncpg://ann:s3cret@db/tasks?ssl=require"),
            entry("DIRECT_URL", "postgresql://ann:s3cret@direct/tasks"),
            entry("DATABASE_POOL_SIZE", "25"),
            entry("DATABASE_TIMEOUT_SECONDS", "7"),
            entry("DATABASE_BATCHES", "off"),
            entry("DATA_DIR", "elsewhere/data"),
            entry("HOST", "192.0.2.1"),
            entry("PORT", "0"),
            entry("ALLOWED_HOSTS", "tasks.example, tasks"),
            entry("MAX_CONNECTIONS", "500"),
            entry("MIN_BYTES_PER_SECOND", "10000"),
            entry("MAX_HEADER_KILOBYTES", "64"),
            entry("TRUSTED_PROXIES", "10.0.0.0/8, ::1,"),
            entry("BASE_PATH", "/apps/todo/"),
            entry("RATE_LIMIT", "600/minute"),
            entry("CORS_ORIGINS", "https://a.example,https://b.example"),
            entry("ERROR_CONTENT_TYPE", "application/JSON"),
            entry("REQUIRE_IF_MATCH", "True"),
            entry("IDEMPOTENCY_RETENTION_HOURS", "36"),
            entry("DELETED_RETENTION_DAYS", "0"),
            entry("CHANGES_RETENTION_DAYS", "90"),
            entry("DRAIN_DELAY_SECONDS", "7"),
            entry("SHUTDOWN_GRACE_SECONDS", "20"),
            entry("MANAGEMENT_PORT", "9100"),
            entry("LOG_LEVEL", "WARNING"),
            entry("LOG_FORMAT", "JSON"),
            entry("ACCESS_LOG", "off"),
            entry("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example:4318/"),
            entry("OTEL_EXPORTER_OTLP_HEADERS", "api-key=s3cret%3D+%2C1"),
            entry("OTEL_SERVICE_NAME", "tasks"),
            entry(
                "OTEL_RESOURCE_ATTRIBUTES", "service.name=other, deployment.environment.name=test"),
            entry("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
            entry("OTEL_TRACES_SAMPLER_ARG", "0.25"),
            entry("JWT_SECRET", "'" + SECRET + "'"),
            entry("JWKS_URL", "https://a.example/keys?v=1"),
            entry("JWT_USER_CLAIM", "user_id"),
            entry("JWT_ISSUER", "https://a.example/"),
            entry("JWT_AUDIENCE", "tasks"),
            entry("JWT_COOKIE", "session.token"),
            entry("JWT_CLOCK_SKEW_SECONDS", "5"));

    assertEquals(
        new Settings(
            DATABASE,
            new DatabaseAddress("jdbc:postgresql://direct:5432/tasks", "ann", "s3cret"),
            25,
            Duration.ofSeconds(7),
            false,
            folder.resolve("elsewhere/data"),
            "192.0.2.1",
            0,
            null,
            new HttpSettings(
                List.of("tasks.example", "tasks"),
                500,
                10_000,
                64,
                List.of("10.0.0.0/8", "::1"),
                "/apps/todo",
                new RateLimit(600, Duration.ofMinutes(1))),
            List.of("https://a.example", "https://b.example"),
            "application/json",
            true,
            Duration.ofHours(36),
            Duration.ZERO,
            Duration.ofDays(90),
            Duration.ofSeconds(7),
            Duration.ofSeconds(20),
            9100,
            Settings.LogLevel.WARN,
            Settings.LogFormat.JSON,
            false,
            new TraceSettings(
                URI.create("https://collector.example:4318/v1/traces"),
                Map.of("api-key", "s3cret=+,1"),
                Map.of("service.name", "tasks", "deployment.environment.name", "test"),
                0.25,
                true),
            new TokenSettings(
                SECRET,
                URI.create("https://a.example/keys?v=1"),
                "user_id",
                "https://a.example/",
                "tasks",
                Duration.ofSeconds(5),
                "session.token")),
        Settings.read(environment, folder));
  }

  @Test
  void theEnvironmentWinsOverTheFileAndAnEmptyValueIsNone() throws IOException {
    Files.writeString(
        folder.resolve(".env"),
        """
        # what the FastAPI service had
        DATABASE_URL=psql 'postgresql://ann:s3cret@db/tasks?sslmode=require'
        PORT=9000
        HOST=
        LOG_LEVEL="debug"
        SOMETHING_ELSE=1
        """);

    Settings settings =
        Settings.read(Map.of("PORT", "9001", "DATABASE_URL", "", "LOG_LEVEL", " '' "), folder);

    assertEquals(DATABASE, settings.database());
    assertEquals(9001, settings.port());
    assertEquals("127.0.0.1", settings.host());
    assertEquals(Settings.LogLevel.DEBUG, settings.logLevel());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ann:s3cret@db/tasks?sslmode=require",
        "  'postgresql://ann:s3cret@db/tasks?sslmode=require' ",
        "\" postgresql://ann:s3cret@db/tasks?sslmode=require \"\r",
        "psql 'postgresql://ann:s3cret@db/tasks?sslmode=require'",
        "'psql \"postgresql://ann:s3cret@db/tasks?sslmode=require\"'",
        "jdbc:postgresql://db/tasks?user=ann&password=s3cret&sslmode=require"
      })
  void quotesAndSpacesAroundAUrlAreForgiven(String url) {
    assertEquals(DATABASE, Settings.read(Map.of("DATABASE_URL", url), folder).database());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          http://localhost:3000                           | http://localhost:3000
          http://localhost:3000/                          | http://localhost:3000
          ["http://localhost:3000"]                       | http://localhost:3000
          [ "https://a.example" , "https://b.example/" ]  | https://a.example https://b.example
          ['https://a.example','https://b.example']       | https://a.example https://b.example
          https://a.example , https://b.example,          | https://a.example https://b.example
          "https://a.example","https://b.example"         | https://a.example https://b.example
          '["https://a.example", "https://b.example"]'    | https://a.example https://b.example
          ["https:\\/\\/a.example"]                       | https://a.example
          https://a.example,https://a.example/            | https://a.example
          HTTPS://A.Example:8443                          | https://a.example:8443
          https://a.example:443,http://b.example:80       | https://a.example http://b.example
          http://a.example:443                            | http://a.example:443
          http://[::1]:3000,http://127.0.0.1:3000         | http://[::1]:3000 http://127.0.0.1:3000
          capacitor://localhost,chrome-extension://abcdef | capacitor://localhost chrome-extension://abcdef
          []                                              | ``
          """)
  void originsComeAsAListOrAnArray(String text, String expected) {
    List<String> origins = Settings.read(Map.of("CORS_ORIGINS", text), folder).corsOrigins();

    assertEquals(expected, String.join(" ", origins));
  }

  @ParameterizedTest
  @CsvSource({
    "trace, TRACE",
    "DEBUG, DEBUG",
    "Info, INFO",
    "WARN, WARN",
    "warning, WARN",
    "ERROR, ERROR",
    "critical, ERROR",
    "off, OFF",
    "' \"INFO\" ', INFO"
  })
  void logLevelsHaveTheNamesOfBothWorlds(String text, Settings.LogLevel level) {
    assertEquals(level, Settings.read(Map.of("LOG_LEVEL", text), folder).logLevel());
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, localhost",
    "my-host.example, my-host.example",
    "0.0.0.0, 0.0.0.0",
    "::, ::",
    "[::1], ::1",
    "fe80::1%eth0, fe80::1%eth0"
  })
  void theHostIsANameOrAnAddress(String text, String host) {
    Map<String, String> environment = Map.of("HOST", text, "JWT_SECRET", SECRET);

    assertEquals(host, Settings.read(environment, folder).host());
  }

  @Test
  void aWholePathForTheDataIsTakenAsItIs() {
    Path elsewhere = folder.resolveSibling("elsewhere").toAbsolutePath();

    assertEquals(
        elsewhere, Settings.read(Map.of("DATA_DIR", elsewhere.toString()), folder).dataDirectory());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          DATABASE_URL       | s3cret                              | DATABASE_URL: it must start with postgresql://
          DATABASE_URL       | sqlite:///s3cret.db                 | DATABASE_URL: it must start with postgresql://
          DATABASE_URL       | postgresql://ann:s3cret%@db/t       | DATABASE_URL: the password holds a '%'
          DATABASE_URL       | postgresql://u:s3cret@db/t?sslmode=x | DATABASE_URL: its parameter sslmode must be one of
          DIRECT_URL         | postgresql://ann:s3cret@db:x/t      | DIRECT_URL: a port must be a number
          DIRECT_URL         | postgresql://ann:s3cret@db/t        | DIRECT_URL: it needs DATABASE_URL
          DATABASE_POOL_SIZE | 0                                   | DATABASE_POOL_SIZE: it must be a number from 1 to 500
          DATABASE_POOL_SIZE | 501                                 | DATABASE_POOL_SIZE: it must be
          DATABASE_TIMEOUT_SECONDS | 0                             | DATABASE_TIMEOUT_SECONDS: it must be a number from 1 to 60
          DATABASE_BATCHES   | sometimes                           | DATABASE_BATCHES: it must be true or false
          DATABASE_POOL_SIZE | ten                                 | DATABASE_POOL_SIZE: it must be
          PORT               | 65536                               | PORT: it must be a number from 0 to 65535
          PORT               | -1                                  | PORT: it must be
          PORT               | 8000/tcp                            | PORT: it must be
          PORT               | 99999999999999999999                | PORT: it must be
          HOST               | 0.0.0.0                             | HOST: without authentication anyone who reaches it would read and write everybody's tasks; set BETTER_AUTH_SECRET,
          HOST               | my-host                             | HOST: without authentication
          ALLOW_ANYONE_TO_READ_AND_WRITE_EVERYTHING | perhaps      | ALLOW_ANYONE_TO_READ_AND_WRITE_EVERYTHING: it must be true or false
          BETTER_AUTH_SECRET | s3cret                              | BETTER_AUTH_SECRET: it has less than 32 bytes; make one by: openssl rand -hex 32
          JWT_SECRET         | s3cret-of-not-quite-enough-byte     | JWT_SECRET: it has less than 32 bytes
          JWKS_URL           | a.example/s3cret                    | JWKS_URL: it must be an http or https URL
          JWKS_URL           | https://a.example:65536/s3cret      | JWKS_URL: it must be
          JWKS_URL           | file:///s3cret                      | JWKS_URL: it must be
          JWKS_URL           | https://ann:s3cret@a.example/       | JWKS_URL: it must be
          JWKS_URL           | https://a.example/ s3cret           | JWKS_URL: it must be
          JWKS_URL           | https:///s3cret                     | JWKS_URL: it must be
          BETTER_AUTH_URL    | s3cret                              | BETTER_AUTH_URL: it must be an http or https URL
          BETTER_AUTH_URL    | https://a.example/?s3cret           | BETTER_AUTH_URL: it must end with its path
          JWT_ISSUER         | s3cret                              | JWT_ISSUER: no token can be checked without keys; set BETTER_AUTH_SECRET,
          JWT_AUDIENCE       | s3cret                              | JWT_AUDIENCE: no token can be checked
          JWT_USER_CLAIM     | s3cret                              | JWT_USER_CLAIM: no token can be checked
          JWT_COOKIE         | s3cret                              | JWT_COOKIE: no token can be checked
          JWT_CLOCK_SKEW_SECONDS | 301                             | JWT_CLOCK_SKEW_SECONDS: it must be a number from 0 to 300
          HOST               | http://localhost                    | HOST: it must be a host name
          HOST               | localhost:8000                      | HOST: it must be
          HOST               | 127.0.0.1:8000                      | HOST: it must be
          HOST               | *                                   | HOST: it must be
          TRUSTED_PROXIES    | s3cret.example                      | TRUSTED_PROXIES: it must be IP addresses, or blocks of them such as 10.0.0.0/8, with commas
          TRUSTED_PROXIES    | 10.0.0.0/33                         | TRUSTED_PROXIES: it must be
          TRUSTED_PROXIES    | 10.0.0.1 10.0.0.2                   | TRUSTED_PROXIES: it must be
          TRUSTED_PROXIES    | *                                   | TRUSTED_PROXIES: it must be
          BASE_PATH          | s3cret                              | BASE_PATH: it must be a path such as /todo, of letters
          BASE_PATH          | //s3cret                            | BASE_PATH: it must be a path
          BASE_PATH          | /a/../s3cret                        | BASE_PATH: it must be a path
          BASE_PATH          | /a%2Fs3cret                         | BASE_PATH: it must be a path
          BASE_PATH          | /a?s3cret                           | BASE_PATH: it must be a path
          BASE_PATH          | https://a.example/s3cret            | BASE_PATH: it must be a path
          BASE_PATH          | /api                                | BASE_PATH: it must not begin with a path of the service itself
          BASE_PATH          | /docs/s3cret/                       | BASE_PATH: it must not begin
          RATE_LIMIT         | s3cret                              | RATE_LIMIT: it must be a number from 1 to 1000000 and a time, such as 600/minute
          RATE_LIMIT         | 600                                 | RATE_LIMIT: it must be
          RATE_LIMIT         | 0/minute                            | RATE_LIMIT: it must be
          RATE_LIMIT         | 1000001/hour                        | RATE_LIMIT: it must be
          RATE_LIMIT         | 5/day                               | RATE_LIMIT: it must be
          RATE_LIMIT         | -5/minute                           | RATE_LIMIT: it must be
          LOG_LEVEL          | LOUD                                | LOG_LEVEL: it must be TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL or OFF
          DATA_DIR           | ~/s3cret                            | DATA_DIR: a ~ is not expanded
          ERROR_CONTENT_TYPE | text/html                           | ERROR_CONTENT_TYPE: it must be application/problem+json or
          CORS_ORIGINS       | *                                   | CORS_ORIGINS entry 1: * is not allowed
          CORS_ORIGINS       | ["*"]                               | CORS_ORIGINS entry 1: * is not allowed
          CORS_ORIGINS       | http://a.example,https://*.b.example | CORS_ORIGINS entry 2: * is not allowed
          CORS_ORIGINS       | https://a.example/app               | CORS_ORIGINS entry 1: it must be scheme://host
          CORS_ORIGINS       | https://ann:s3cret@a.example        | CORS_ORIGINS entry 1: it must be
          CORS_ORIGINS       | https://a.example?x                 | CORS_ORIGINS entry 1: it must be
          CORS_ORIGINS       | a.example                           | CORS_ORIGINS entry 1: it must be
          CORS_ORIGINS       | null                                | CORS_ORIGINS entry 1: it must be
          CORS_ORIGINS       | ["https://a.example"                | CORS_ORIGINS entry 1: it must be
          CORS_ORIGINS       | ["https://a.example" "https://b.example"] | CORS_ORIGINS entry 1: it must be
          CORS_ORIGINS       | https://a.example:70000             | CORS_ORIGINS entry 1: the port must be
          """)
  void aBadValueIsRefusedByNameWithoutShowingIt(String variable, String value, String fault) {
    SettingsException refused =
        assertThrows(SettingsException.class, () -> Settings.read(Map.of(variable, value), folder));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith(fault), message);
    assertFalse(message.contains("s3cret"), message);
    assertEquals(1, message.lines().count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT | s3cret               | OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: it must be a URL
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT | http://a:s3cret@b    | OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: it must be a URL
          OTEL_EXPORTER_OTLP_PROTOCOL        | grpc                 | OTEL_EXPORTER_OTLP_PROTOCOL: it must be http/protobuf
          OTEL_EXPORTER_OTLP_HEADERS         | s3cret               | OTEL_EXPORTER_OTLP_HEADERS: it must be key=value
          OTEL_EXPORTER_OTLP_HEADERS         | key=s3cret%0Ax       | OTEL_EXPORTER_OTLP_HEADERS: it must be key=value
          OTEL_EXPORTER_OTLP_HEADERS         | key=%s3cret          | OTEL_EXPORTER_OTLP_HEADERS: it must be key=value
          OTEL_RESOURCE_ATTRIBUTES           | =s3cret              | OTEL_RESOURCE_ATTRIBUTES: it must be key=value
          OTEL_TRACES_EXPORTER               | zipkin               | OTEL_TRACES_EXPORTER: it must be otlp or none
          OTEL_TRACES_SAMPLER                | often                | OTEL_TRACES_SAMPLER: it must be always_on
          OTEL_TRACES_SAMPLER_ARG            | 1.1                  | OTEL_TRACES_SAMPLER_ARG: it must be a number from 0 to 1
          """)
  void aBadSettingOfTracesIsRefusedWhenThereIsACollector(
      String variable, String value, String fault) {
    assertNull(
        Settings.read(
                variable.endsWith("ENDPOINT")
                    ? Map.of(variable, value, "OTEL_SDK_DISABLED", "true")
                    : Map.of(variable, value),
                folder)
            .traces());
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://collector:4318",
                "OTEL_TRACES_SAMPLER",
                "traceidratio"));
    environment.put(variable, value);

    SettingsException refused =
        assertThrows(SettingsException.class, () -> Settings.read(environment, folder));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith(fault), message);
    assertFalse(message.contains("s3cret"), message);
  }

  @Test
  void aKeyOfTheCollectorIsNotInTheTextForm() {
    Map<String, String> environment =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318",
            "OTEL_EXPORTER_OTLP_HEADERS", "key=s3cret");

    assertFalse(Settings.read(environment, folder).toString().contains("s3cret"));
  }

  @Test
  void thePasswordIsNotInTheTextForm() {
    String url = "postgresql://ann:s3cret@db/tasks";
    Settings settings = Settings.read(Map.of("DATABASE_URL", url, "DIRECT_URL", url), folder);

    assertTrue(settings.toString().contains("jdbc:postgresql://db:5432/tasks"));
    assertFalse(settings.toString().contains("s3cret"));
  }

  @Test
  void theExampleFileNamesEveryVariableAndWorksAsItIs() throws IOException {
    String example = Files.readString(Path.of("..", ".env.example"));
    Pattern commentedOut = Pattern.compile("(?m)^# ?(?=[A-Z_]+=)");
    Files.writeString(folder.resolve(".env"), commentedOut.matcher(example).replaceAll(""));
    Recorded asked = new Recorded();

    Settings settings = Settings.read(asked, folder);

    Set<String> explained =
        commentedOut
            .matcher(example)
            .results()
            .map(match -> example.substring(match.end(), example.indexOf('=', match.end())))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(asked.names, explained);
    assertEquals(EnvFile.read(folder.resolve(".env")).keySet(), explained);
    Settings defaults = Settings.read(Map.of(), Files.createDirectory(folder.resolve("empty")));
    assertEquals(
        new Settings(
            settings.database(),
            settings.migrationDatabase(),
            defaults.databasePoolSize(),
            defaults.databaseTimeout(),
            defaults.databaseBatches(),
            folder.resolve("data"),
            defaults.host(),
            defaults.port(),
            null,
            defaults.http(),
            defaults.corsOrigins(),
            defaults.errorContentType(),
            defaults.requireIfMatch(),
            defaults.idempotencyRetention(),
            defaults.deletedRetention(),
            defaults.changesRetention(),
            defaults.drainDelay(),
            defaults.shutdownGrace(),
            null,
            defaults.logLevel(),
            defaults.logFormat(),
            defaults.accessLog(),
            null,
            settings.tokens()),
        settings);
    assertEquals("user", String.valueOf(settings.database()).replaceAll(".* as ", ""));
    assertNull(defaults.database());
  }

  /** An empty environment that knows which variables it was asked for. */
  private static final class Recorded extends HashMap<String, String> {
    private static final long serialVersionUID = 1L;
    private final TreeSet<String> names = new TreeSet<>();

    @Override
    public String getOrDefault(@Nullable Object name, String byDefault) {
      names.add(String.valueOf(name));
      return byDefault;
    }
  }
}
