package dev.taskport.adapter.postgres.address;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;

import java.net.URLEncoder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * The parameters of a database URL, translated to pgjdbc's properties. pgjdbc itself ignores
 * unknown parameters. All names are lower case here.
 */
final class DriverParameters {
  /** Parameters of libpq (and of Prisma) that pgjdbc has under another name. */
  private static final Map<String, PGProperty> RENAMED =
      Map.ofEntries(
          entry("application_name", PGProperty.APPLICATION_NAME),
          entry("channel_binding", PGProperty.CHANNEL_BINDING),
          entry("connect_timeout", PGProperty.CONNECT_TIMEOUT),
          entry("keepalives", PGProperty.TCP_KEEP_ALIVE),
          entry("krbsrvname", PGProperty.KERBEROS_SERVER_NAME),
          entry("load_balance_hosts", PGProperty.LOAD_BALANCE_HOSTS),
          entry("require_auth", PGProperty.REQUIRE_AUTH),
          entry("schema", PGProperty.CURRENT_SCHEMA),
          entry("target_session_attrs", PGProperty.TARGET_SERVER_TYPE));

  /** All of pgjdbc's properties, by their own names and by the renamed ones. */
  private static final Map<String, PGProperty> PROPERTIES =
      Stream.concat(
              RENAMED.entrySet().stream(),
              Arrays.stream(PGProperty.values())
                  .map(property -> entry(property.getName().toLowerCase(Locale.ROOT), property)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  /** Values of libpq that pgjdbc spells differently. */
  private static final Map<PGProperty, Map<String, String>> VALUES =
      Map.of(
          PGProperty.TCP_KEEP_ALIVE, Map.of("0", "false", "1", "true"),
          PGProperty.LOAD_BALANCE_HOSTS, Map.of("disable", "false", "random", "true"),
          PGProperty.TARGET_SERVER_TYPE,
              Map.of(
                  "read-write", "primary",
                  "read-only", "secondary",
                  "standby", "secondary",
                  "prefer-standby", "preferSecondary"));

  /**
   * Parameters that switch off server-side prepared statements for a pooler, with the value that
   * does so.
   */
  private static final Map<String, String> UNPREPARED =
      Map.of(
          "pgbouncer", "true",
          "prepared_statement_cache_size", "0",
          "statement_cache_size", "0");

  /**
   * Known parameters that are ignored: the pool's size has a variable of its own, the others are
   * tuning.
   */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "client_encoding",
          "connection_limit",
          "fallback_application_name",
          "keepalives_count",
          "keepalives_idle",
          "keepalives_interval",
          "pool_timeout",
          "sslcompression",
          "tcp_user_timeout");

  /** Parameters that are refused, with the reason; ignoring them would mostly weaken security. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          entry("hostaddr", "is not supported; give the address as the host"),
          entry("passfile", "is not supported; give the password, or use ~/.pgpass"),
          entry("replication", "is not for a service's connections; leave it out"),
          entry("requirepeer", "is for Unix sockets; leave it out"),
          entry("requiressl", "is not supported; write sslmode=require"),
          entry("service", "is not supported; write host, port and database out"),
          entry("ssl_max_protocol_version", "is not supported; leave it to Java"),
          entry("ssl_min_protocol_version", "is not supported; Java's least is TLS 1.2"),
          entry("sslaccept", "is not supported; write sslmode=require or sslmode=verify-full"),
          entry("sslcertmode", "is not supported; leave it out"),
          entry("sslcrl", "is not supported; leave it out"),
          entry("sslcrldir", "is not supported; leave it out"),
          entry("sslpassword", "is not supported; use a key file without a pass phrase"),
          entry("sslsni", "is not supported; leave it out, the host's name is always sent"));

  private static final List<String> CHECKED = List.of("require", "verify-ca", "verify-full");

  private final boolean jdbc;
  private final Map<PGProperty, String> properties = new LinkedHashMap<>();

  /** The sslmode that a boolean parameter ssl stands for; used if there is no sslmode. */
  private @Nullable String sslmodeByDefault;

  DriverParameters(boolean jdbc) {
    this.jdbc = jdbc;
  }

  static boolean knows(String name) {
    return PROPERTIES.containsKey(name)
        || UNPREPARED.containsKey(name)
        || WITHOUT_EFFECT.contains(name)
        || REFUSED.containsKey(name);
  }

  /** Adds a parameter that is {@linkplain #knows known}. */
  void add(String name, String value) {
    String refusal = REFUSED.get(name);
    if (refusal != null) {
      throw new DatabaseAddressException("its parameter " + name + " " + refusal);
    }
    if (name.equals("ssl")) {
      addSsl(value);
    } else if (value.isEmpty()) {
      throw new DatabaseAddressException("its parameter " + name + " has no value");
    } else if (UNPREPARED.containsKey(name)) {
      if (value.equals(UNPREPARED.get(name))) {
        properties.putIfAbsent(PGProperty.PREPARE_THRESHOLD, "0"); // a URL may have two of them
      }
    } else if (!WITHOUT_EFFECT.contains(name)) {
      PGProperty property = PROPERTIES.get(name);
      if (property == null) {
        throw new IllegalArgumentException("not a known parameter");
      }
      put(property, name, VALUES.getOrDefault(property, Map.of()).getOrDefault(value, value));
    }
  }

  /**
   * A true value means what it means in that kind of URL: in a libpq URL any encryption, to pgjdbc
   * a verified server. asyncpg uses the values of sslmode instead.
   */
  private void addSsl(String value) {
    switch (value.toLowerCase(Locale.ROOT)) {
      case "", "true", "1" -> sslmodeByDefault = jdbc ? "verify-full" : "require";
      case "false", "0" -> sslmodeByDefault = jdbc ? null : "disable";
      default -> put(PGProperty.SSL_MODE, "ssl", value);
    }
  }

  private void put(PGProperty property, String name, String value) {
    if (properties.put(property, choice(property, name, value)) != null) {
      throw new DatabaseAddressException("it gives its parameter " + name + " twice");
    }
  }

  /** The value as pgjdbc spells it. */
  private static String choice(PGProperty property, String name, String value) {
    if (property == PGProperty.CONNECT_TIMEOUT && !value.matches("[0-9]{1,6}")) {
      throw new DatabaseAddressException(
          "its parameter " + name + " must be a number of seconds, 0 for no limit");
    }
    if ((property == PGProperty.TCP_KEEP_ALIVE || property == PGProperty.LOAD_BALANCE_HOSTS)
        && !value.matches("(?i)true|false")) {
      throw new DatabaseAddressException("its parameter " + name + " must be true or false");
    }
    String[] choices = property.getChoices();
    // The value of requireAuth is a list, which the driver checks.
    if (choices == null || property == PGProperty.REQUIRE_AUTH) {
      return value;
    }
    for (String choice : choices) {
      if (choice.equalsIgnoreCase(value)) {
        return choice;
      }
    }
    throw new DatabaseAddressException(
        "its parameter " + name + " must be one of " + String.join(", ", choices));
  }

  /** The properties as the query of a pgjdbc URL, with its question mark; may be empty. */
  String asUrlQuery() {
    if (sslmodeByDefault != null) {
      properties.putIfAbsent(PGProperty.SSL_MODE, sslmodeByDefault);
    }
    settleRootCertificate();
    String query =
        properties.entrySet().stream()
            .map(p -> p.getKey().getName() + "=" + encode(p.getValue()))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }

  /**
   * libpq verifies the server whenever a root certificate is given; pgjdbc does so only with
   * sslmode=verify-…. pgjdbc also doesn't know the value "system": the certificate authorities that
   * the platform, here Java, trusts.
   */
  private void settleRootCertificate() {
    String certificate = properties.get(PGProperty.SSL_ROOT_CERT);
    if (certificate == null) {
      return;
    }
    String mode = properties.get(PGProperty.SSL_MODE);
    if (certificate.equals("system")) {
      if (mode != null && !mode.equals("verify-full")) {
        throw new DatabaseAddressException(
            "its parameter sslrootcert=system needs sslmode=verify-full");
      }
      properties.remove(PGProperty.SSL_ROOT_CERT);
      properties.put(PGProperty.SSL_MODE, "verify-full");
      put(PGProperty.SSL_FACTORY, "sslfactory", DefaultJavaSSLFactory.class.getName());
    } else if (mode == null || !CHECKED.contains(mode)) {
      throw new DatabaseAddressException(
          "its parameter sslrootcert needs sslmode=verify-full or sslmode=verify-ca");
    } else if (mode.equals("require")) {
      properties.put(PGProperty.SSL_MODE, "verify-ca");
    }
  }

  /** Percent-encodes text for {@link DatabaseAddress#jdbcUrl}. */
  static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
