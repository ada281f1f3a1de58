package dev.taskport.app;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.address.DatabaseAddressException;
import dev.taskport.adapter.postgres.address.DatabaseUrl;
import dev.taskport.adapter.rest.proxy.AddressBlock;
import dev.taskport.adapter.rest.proxy.BasePath;
import dev.taskport.adapter.rest.token.TokenSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The operator's settings, read once at the start. {@code .env.example} explains each variable.
 * {@code toString} hides passwords and secrets.
 *
 * @param database the address of the database; null for the embedded server
 * @param migrationDatabase the address of the same database without its pooler, for migrations;
 *     null if they use {@code database}
 * @param databasePoolSize the maximum number of connections to the database, 1 to 500
 * @param databaseTimeout the time in which a request is answered or has failed, searches and counts
 *     excepted; 1 to 60 seconds
 * @param databaseBatches whether requests that wait for the database at the same time may share a
 *     statement
 * @param dataDirectory the embedded server's folder, absolute if the working directory is
 * @param host the address to listen on, a name or an IP address without brackets
 * @param port the port to listen on, 0 to 65535; 0 for any free port
 * @param tls the certificate for TLS on that port; null for plain HTTP
 * @param http the limits of clients, and how they reach the service
 * @param corsOrigins the origins whose pages may call the service, as browsers send them; may be
 *     empty
 * @param errorContentType the media type of errors: {@code application/problem+json} or {@code
 *     application/json}
 * @param requireIfMatch whether a change or deletion without {@code If-Match} is refused
 * @param idempotencyRetention how long an idempotency key is remembered at least, by the database's
 *     clock; 1 to 8760 hours
 * @param deletedRetention how long a deleted task can be restored, by the database's clock; 0 to
 *     36500 days
 * @param changesRetention how long the change log tells a deletion at least, by the database's
 *     clock; 1 to 36500 days
 * @param drainDelay how long requests are still accepted after the signal to stop, up to 5 minutes
 * @param shutdownGrace how long requests under way may take after that, up to 10 minutes
 * @param managementPort the port for metrics and health, 0 to 65535; 0 for any free port; null for
 *     none
 * @param logLevel the least severe level that is logged
 * @param logFormat how a record of the log is written
 * @param accessLog whether each request leaves a line in the log
 * @param traces where spans of requests are sent; null if they are not made
 * @param tokens which bearer tokens are accepted; null for a service without authentication
 */
record Settings(
    @Nullable DatabaseAddress database,
    @Nullable DatabaseAddress migrationDatabase,
    int databasePoolSize,
    Duration databaseTimeout,
    boolean databaseBatches,
    Path dataDirectory,
    String host,
    int port,
    @Nullable TlsCertificateFiles tls,
    HttpSettings http,
    List<String> corsOrigins,
    String errorContentType,
    boolean requireIfMatch,
    Duration idempotencyRetention,
    Duration deletedRetention,
    Duration changesRetention,
    Duration drainDelay,
    Duration shutdownGrace,
    @Nullable Integer managementPort,
    LogLevel logLevel,
    LogFormat logFormat,
    boolean accessLog,
    @Nullable TraceSettings traces,
    @Nullable TokenSettings tokens) {

  /** The log levels, with Logback's names. */
  enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR,
    OFF
  }

  /** How a record of the log is written. */
  enum LogFormat {
    /** A line for people. */
    PLAIN,
    /** A line that is a JSON object. */
    JSON
  }

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(%[\\w.-]+)?");

  private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9._-]+");

  Settings {
    corsOrigins = List.copyOf(corsOrigins);
  }

  /**
   * Reads the environment, and the file {@code .env} in the working directory for variables that
   * the environment doesn't set. Spaces and quotes around a value are ignored; an empty value
   * counts as not set.
   *
   * @param environment the variables by name, as in {@link System#getenv()}
   * @throws SettingsException if a value can't be used; the first one is reported
   */
  static Settings read(Map<String, String> environment, Path workingDirectory) {
    Variables variables =
        new Variables(environment, EnvFile.read(workingDirectory.resolve(".env")));
    DatabaseAddress database = variables.database("DATABASE_URL");
    DatabaseAddress migrationDatabase = variables.database("DIRECT_URL");
    if (migrationDatabase != null && database == null) {
      throw new SettingsException("DIRECT_URL: it needs DATABASE_URL beside it");
    }
    TokenSettings tokens =
        TokenVariables.read(
            variables::get,
            variables.number("JWT_CLOCK_SKEW_SECONDS", 30, 0, TokenSettings.MAX_SKEW_SECONDS));
    String host = variables.host("HOST", TokenVariables.defaultHost(tokens));
    TokenVariables.requireClosed(
        tokens, host, variables.flag("ALLOW_ANYONE_TO_READ_AND_WRITE_EVERYTHING", false));
    return new Settings(
        database,
        migrationDatabase,
        variables.number("DATABASE_POOL_SIZE", 10, 1, 500),
        Duration.ofSeconds(variables.number("DATABASE_TIMEOUT_SECONDS", 2, 1, 60)),
        variables.flag("DATABASE_BATCHES", true),
        variables.path("DATA_DIR", variables.get("DATA_DIR", "data"), workingDirectory),
        host,
        variables.number("PORT", 8000, 0, 65535),
        variables.tls(workingDirectory),
        new HttpSettings(
            variables.hosts("ALLOWED_HOSTS"),
            variables.number("MAX_CONNECTIONS", 10_000, 1, 1_000_000),
            variables.number("MIN_BYTES_PER_SECOND", 1024, 1, 1_000_000),
            variables.number("MAX_HEADER_KILOBYTES", 32, 8, 1024),
            variables.addresses("TRUSTED_PROXIES"),
            variables.basePath("BASE_PATH"),
            variables.rateLimit("RATE_LIMIT")),
        CorsOrigins.parse(
            "CORS_ORIGINS",
            variables.get("CORS_ORIGINS", "http://localhost:3000,http://127.0.0.1:3000")),
        variables.errorContentType("ERROR_CONTENT_TYPE"),
        variables.flag("REQUIRE_IF_MATCH", false),
        Duration.ofHours(variables.number("IDEMPOTENCY_RETENTION_HOURS", 24, 1, 8760)),
        Duration.ofDays(variables.number("DELETED_RETENTION_DAYS", 30, 0, 36500)),
        Duration.ofDays(variables.number("CHANGES_RETENTION_DAYS", 30, 1, 36500)),
        Duration.ofSeconds(variables.number("DRAIN_DELAY_SECONDS", 0, 0, 300)),
        Duration.ofSeconds(variables.number("SHUTDOWN_GRACE_SECONDS", 10, 0, 600)),
        variables.managementPort("MANAGEMENT_PORT"),
        variables.logLevel("LOG_LEVEL", LogLevel.INFO),
        variables.logFormat("LOG_FORMAT"),
        variables.flag("ACCESS_LOG", true),
        TraceSettings.read(variables::get),
        tokens);
  }

  /**
   * The URL at which a service with these settings is reached from this machine.
   *
   * @throws SettingsException if the settings allow any free port
   */
  String localUrl() {
    if (port == 0) {
      throw new SettingsException("PORT: 0 means any free port; give the URL of the service");
    }
    boolean any = host.equals("0.0.0.0") || host.equals("::") || host.startsWith("127.");
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return (tls == null ? "http://" : "https://") + (any ? "localhost" : name) + ":" + port;
  }

  /** The two sources of variables, and how values are read from them. */
  private record Variables(Map<String, String> environment, Map<String, String> file) {

    @Nullable String get(String name) {
      String value = EnvFile.unquote(environment.getOrDefault(name, ""));
      if (value.isEmpty()) {
        value = EnvFile.unquote(file.getOrDefault(name, ""));
      }
      return value.isEmpty() ? null : value;
    }

    String get(String name, String byDefault) {
      String value = get(name);
      return value == null ? byDefault : value;
    }

    @Nullable DatabaseAddress database(String name) {
      String value = get(name);
      try {
        return value == null ? null : DatabaseUrl.parse(value);
      } catch (DatabaseAddressException e) {
        throw new SettingsException(name + ": " + e.getMessage());
      }
    }

    int number(String name, int byDefault, int least, int most) {
      String value = get(name, String.valueOf(byDefault));
      int number = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
      if (number < least || number > most) {
        throw new SettingsException(name + ": it must be a number from " + least + " to " + most);
      }
      return number;
    }

    @Nullable TlsCertificateFiles tls(Path workingDirectory) {
      String certificate = get(TlsCertificate.CERTIFICATE);
      String key = get(TlsCertificate.KEY);
      if (certificate == null && key == null) {
        return null;
      }
      if (certificate == null || key == null) {
        throw new SettingsException(
            certificate == null
                ? TlsCertificate.KEY + ": it needs " + TlsCertificate.CERTIFICATE + " beside it"
                : TlsCertificate.CERTIFICATE + ": it needs " + TlsCertificate.KEY + " beside it");
      }
      return new TlsCertificateFiles(
          path(TlsCertificate.CERTIFICATE, certificate, workingDirectory),
          path(TlsCertificate.KEY, key, workingDirectory));
    }

    Path path(String name, String value, Path workingDirectory) {
      if (value.startsWith("~")) {
        throw new SettingsException(name + ": a ~ is not expanded here; write the whole path");
      }
      try {
        return workingDirectory.resolve(value).normalize();
      } catch (InvalidPathException e) {
        throw new SettingsException(name + ": it is not a valid path on this system");
      }
    }

    String host(String name, String byDefault) {
      String value = get(name, byDefault);
      boolean bracketed = value.startsWith("[") && value.endsWith("]");
      String host = bracketed ? value.substring(1, value.length() - 1) : value;
      // A single colon separates a name from a port; an IPv6 address has several.
      if (!HOST.matcher(host).matches() || host.matches("[^:]*:[^:]*")) {
        throw new SettingsException(
            name + ": it must be a host name or an IP address, without scheme or port");
      }
      return host;
    }

    List<String> list(String name) {
      return Arrays.stream(get(name, "").split(","))
          .map(String::strip)
          .filter(entry -> !entry.isEmpty())
          .toList();
    }

    List<String> addresses(String name) {
      List<String> blocks = list(name);
      for (String block : blocks) {
        if (AddressBlock.parse(block) == null) {
          throw new SettingsException(
              name
                  + ": it must be IP addresses, or blocks of them such as 10.0.0.0/8, with commas"
                  + " between them");
        }
      }
      return blocks;
    }

    String basePath(String name) {
      String path = BasePath.normalize(get(name, ""));
      if (path == null) {
        throw new SettingsException(
            name + ": it must be a path such as /todo, of letters, digits, hyphens, dots, _ and ~");
      }
      if (!BasePath.isUnlikeRoutes(path)) {
        throw new SettingsException(
            name
                + ": it must not begin with a path of the service itself: /api, /docs, /health,"
                + " /openapi.json or /redoc");
      }
      return path;
    }

    @Nullable RateLimit rateLimit(String name) {
      String value = get(name);
      return value == null ? null : RateLimit.parse(name, value);
    }

    List<String> hosts(String name) {
      List<String> hosts = list(name);
      for (String host : hosts) {
        if (!HOST_NAME.matcher(host).matches()) {
          throw new SettingsException(
              name + ": it must be host names with commas between them, without scheme or port");
        }
      }
      return hosts;
    }

    boolean flag(String name, boolean byDefault) {
      return switch (get(name, String.valueOf(byDefault)).toLowerCase(Locale.ROOT)) {
        case "true", "yes", "on", "1" -> true;
        case "false", "no", "off", "0" -> false;
        default -> throw new SettingsException(name + ": it must be true or false");
      };
    }

    String errorContentType(String name) {
      String value = get(name, "application/problem+json").toLowerCase(Locale.ROOT);
      if (!value.equals("application/problem+json") && !value.equals("application/json")) {
        throw new SettingsException(
            name + ": it must be application/problem+json or application/json");
      }
      return value;
    }

    @Nullable Integer managementPort(String name) {
      return get(name) == null ? null : number(name, 0, 0, 65535);
    }

    LogFormat logFormat(String name) {
      return switch (get(name, "plain").toLowerCase(Locale.ROOT)) {
        case "plain" -> LogFormat.PLAIN;
        case "json" -> LogFormat.JSON;
        default -> throw new SettingsException(name + ": it must be plain or json");
      };
    }

    LogLevel logLevel(String name, LogLevel byDefault) {
      return switch (get(name, byDefault.name()).toUpperCase(Locale.ROOT)) {
        case "TRACE" -> LogLevel.TRACE;
        case "DEBUG" -> LogLevel.DEBUG;
        case "INFO" -> LogLevel.INFO;
        case "WARN", "WARNING" -> LogLevel.WARN;
        case "ERROR", "CRITICAL" -> LogLevel.ERROR;
        case "OFF" -> LogLevel.OFF;
        default ->
            throw new SettingsException(
                name + ": it must be TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL or OFF");
      };
    }
  }
}
