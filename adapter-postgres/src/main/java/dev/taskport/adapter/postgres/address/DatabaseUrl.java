package dev.taskport.adapter.postgres.address;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses a database URL; {@link #parse} lists the accepted forms. */
public final class DatabaseUrl {
  private static final Pattern PSQL = Pattern.compile("(?is)psql\\s+(.+)");
  private static final Pattern LIBPQ = Pattern.compile("(?is)postgres(?:ql)?(?:\\+\\w+)?://(.*)");
  private static final Pattern JDBC = Pattern.compile("(?is)jdbc:postgres(?:ql)?:(.*)");
  private static final Pattern PARAMETER_START = Pattern.compile("\\?([A-Za-z_]+)=");
  private static final Pattern RESERVED = Pattern.compile("[/?#]");
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_]{1,40}");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?]");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  private static final String ENCODE =
      "; in the user name and the password write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23,"
          + " % as %25";

  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final String DATABASE = "dbname";

  /** The parts that say where to connect and as whom. Each may also be given as a parameter. */
  private static final Map<String, String> PLACES =
      Map.of(
          USER,
          USER,
          PASSWORD,
          PASSWORD,
          DATABASE,
          DATABASE,
          "pgdbname",
          DATABASE,
          "host",
          "host",
          "pghost",
          "host",
          "port",
          "port",
          "pgport",
          "port");

  private static final Set<String> SECRET = Set.of(USER, PASSWORD);

  private final boolean jdbc;
  private final Map<String, String> given = new HashMap<>();
  private final DriverParameters parameters;

  private DatabaseUrl(boolean jdbc) {
    this.jdbc = jdbc;
    this.parameters = new DriverParameters(jdbc);
  }

  /**
   * Parses a database URL in any of the common forms:
   *
   * <ul>
   *   <li>{@code postgresql://} and {@code postgres://}, as libpq, psql and Neon write it, also
   *       behind {@code psql} and in quotes;
   *   <li>{@code postgresql+asyncpg://} or another driver's name behind the plus, as SQLAlchemy
   *       writes it;
   *   <li>{@code jdbc:postgresql://}, with the user and the password as parameters or in front of
   *       the host.
   * </ul>
   *
   * <p>Defaults are as in libpq, except that the host is {@code localhost} over TCP: the port is
   * 5432, the database has the user's name. Several hosts are separated by commas and tried in
   * order. Percent-encoding is decoded everywhere. A plus stays a plus, except in a {@code jdbc:}
   * URL: there it is a space in the database name and in parameters other than user and password,
   * as in pgjdbc.
   *
   * <p>A password may contain {@code @}, or any of {@code / ? #}, unencoded; if it contains both,
   * or a {@code %}, they must be percent-encoded.
   *
   * <p>Parameters may have libpq's names or pgjdbc's, upper or lower case, and are translated to
   * what pgjdbc knows; {@code DriverParameters} lists them. A parameter that would have no effect,
   * an invalid value, and a parameter given twice are refused; a parameter that concerns security
   * is never dropped. {@code sslmode} stays as given; without it, pgjdbc's default {@code prefer}
   * applies. Of several hosts the primary is used, whatever {@code target_session_attrs} says.
   *
   * @throws DatabaseAddressException if the URL can't be used
   */
  public static DatabaseAddress parse(String url) {
    String text = unwrap(url);
    Matcher libpq = LIBPQ.matcher(text);
    if (libpq.matches()) {
      return new DatabaseUrl(false).read(libpq.group(1));
    }
    Matcher jdbc = JDBC.matcher(text);
    if (jdbc.matches()) {
      String rest = jdbc.group(1);
      // pgjdbc's short form, jdbc:postgresql:database, is on the local machine.
      return new DatabaseUrl(true).read(rest.startsWith("//") ? rest.substring(2) : local(rest));
    }
    throw new DatabaseAddressException(
        "it must start with postgresql://, postgres://, postgresql+asyncpg:// or"
            + " jdbc:postgresql://");
  }

  private static String local(String database) {
    return database.startsWith("/") ? database : "/" + database;
  }

  /** Removes what people often copy with a URL: spaces, quotes, and the command psql. */
  private static String unwrap(String url) {
    String text = url.strip();
    Matcher psql = PSQL.matcher(text);
    if (psql.matches()) {
      return unwrap(psql.group(1));
    }
    for (String quote : List.of("'", "\"")) {
      if (text.length() >= 2 && text.startsWith(quote) && text.endsWith(quote)) {
        return unwrap(text.substring(1, text.length() - 1));
      }
    }
    return text;
  }

  /** Reads {@code [user[:password]@][host[:port],…][/database][?name=value&…]}. */
  private DatabaseAddress read(String url) {
    if (url.codePoints().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
      throw new DatabaseAddressException(
          "there is white space or a control character inside; write a space as %20");
    }
    int question = startOfParameters(url);
    String front = question < 0 ? url : url.substring(0, question);
    String query = question < 0 ? "" : url.substring(question + 1);
    // The last @ precedes the hosts: only the user name and the password may contain unencoded
    // ones.
    int at = front.lastIndexOf('@');
    String target = front.substring(at + 1);
    if (at >= 0) {
      readUserInformation(front.substring(0, at));
    }
    if (question < 0 && target.contains("?")) {
      query = target.substring(target.indexOf('?') + 1);
      target = target.substring(0, target.indexOf('?'));
    }
    readParameters(query);
    int slash = target.indexOf('/');
    if (slash >= 0) {
      String database = target.substring(slash + 1);
      if (database.contains("/")) {
        throw new DatabaseAddressException(
            "the database name holds a '/'; write it as %2F, if it is meant");
      }
      give(DATABASE, decode("the database name", database, jdbc));
    }
    give("host", decode("the host", slash < 0 ? target : target.substring(0, slash), false));

    String user = given.get(USER);
    String database = given.getOrDefault(DATABASE, user == null ? "" : user);
    String jdbcUrl =
        "jdbc:postgresql://"
            + hosts()
            + "/"
            + DriverParameters.encode(database)
            + parameters.asUrlQuery();
    return new DatabaseAddress(jdbcUrl, user, given.get(PASSWORD));
  }

  /**
   * The position of the question mark before the first known parameter, because passwords may
   * contain question marks too; -1 if there is none.
   */
  private static int startOfParameters(String url) {
    Matcher start = PARAMETER_START.matcher(url);
    while (start.find()) {
      String name = start.group(1).toLowerCase(Locale.ROOT);
      if (PLACES.containsKey(name) || DriverParameters.knows(name)) {
        return start.start();
      }
    }
    return -1;
  }

  private void readUserInformation(String text) {
    int colon = text.indexOf(':');
    String user = colon < 0 ? text : text.substring(0, colon);
    String password = colon < 0 ? "" : text.substring(colon + 1);
    boolean unclear = password.contains("@") && RESERVED.matcher(password).find();
    if (unclear || RESERVED.matcher(user).find()) {
      throw new DatabaseAddressException("it is not clear where the host begins" + ENCODE);
    }
    give(USER, decode("the user name", user, false));
    give(PASSWORD, decode("the password", password, false));
  }

  private void readParameters(String query) {
    // An unknown name may be part of a password that contains an unencoded ? or &. It must not be
    // shown.
    boolean mayHoldSecret =
        query.contains("@") || query.toLowerCase(Locale.ROOT).contains("password");
    int number = 0;
    for (String parameter : query.split("&", -1)) {
      number++;
      if (parameter.isEmpty()) {
        continue;
      }
      int equals = parameter.indexOf('=');
      String written = equals < 0 ? parameter : parameter.substring(0, equals);
      String name = written.toLowerCase(Locale.ROOT);
      String raw = equals < 0 ? "" : parameter.substring(equals + 1);
      String place = PLACES.get(name);
      if (place != null) {
        String value = decode("the parameter " + place, raw, jdbc && !SECRET.contains(place));
        // SQLAlchemy gives several hosts as one parameter each.
        String before = place.equals("host") ? given.remove("host") : null;
        give(place, before == null ? value : before + "," + value);
      } else if (DriverParameters.knows(name)) {
        parameters.add(name, decode("the parameter " + name, raw, jdbc));
      } else if (mayHoldSecret || !PLAIN_NAME.matcher(written).matches()) {
        throw new DatabaseAddressException(
            "its parameter number "
                + number
                + " is not known, so it would have no effect"
                + ENCODE
                + ", & as %26");
      } else {
        throw new DatabaseAddressException(
            "its parameter " + written + " is not known, so it would have no effect; leave it out");
      }
    }
  }

  private void give(String place, String value) {
    if (!value.isEmpty() && given.put(place, value) != null) {
      throw new DatabaseAddressException("it gives the " + place + " twice");
    }
  }

  /** The hosts with their ports, as pgjdbc reads them. */
  private String hosts() {
    String text = given.getOrDefault("host", "localhost");
    if (text.contains("/") || text.startsWith("@")) {
      throw new DatabaseAddressException(
          "it names a Unix socket, but PostgreSQL is reached over TCP only: give host and port");
    }
    List<String> hosts = new ArrayList<>();
    String[] entries = text.split(",", -1);
    for (int i = 0; i < entries.length; i++) {
      String entry = entries[i];
      int colon = entry.lastIndexOf(':');
      boolean hasPort = colon > entry.lastIndexOf(']');
      String host = hasPort ? entry.substring(0, colon) : entry;
      String port = hasPort ? entry.substring(colon + 1) : "";
      if (!HOST.matcher(host).matches()) {
        throw new DatabaseAddressException(
            "a host must be a name, an IPv4 address, or an IPv6 address in brackets" + ENCODE);
      }
      String common = portParameter(i, entries.length);
      if (!port.isEmpty() && common != null) {
        throw new DatabaseAddressException("it gives the port twice");
      }
      hosts.add(host + ":" + port(common == null ? port : common));
    }
    return String.join(",", hosts);
  }

  /**
   * The port that the parameter {@code port} gives for this host; null if there is no such
   * parameter.
   */
  private @Nullable String portParameter(int host, int hosts) {
    String text = given.get("port");
    if (text == null) {
      return null;
    }
    String[] ports = text.split(",", -1);
    if (ports.length != 1 && ports.length != hosts) {
      throw new DatabaseAddressException(
          "it has " + ports.length + " ports for " + hosts + " hosts");
    }
    return ports[ports.length == 1 ? 0 : host];
  }

  private static int port(String text) {
    if (text.isEmpty()) {
      return 5432;
    }
    int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65535) {
      throw new DatabaseAddressException("a port must be a number from 1 to 65535" + ENCODE);
    }
    return port;
  }

  private static String decode(String what, String text, boolean plusIsSpace) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw new DatabaseAddressException(
              what + " holds a '%' without two hexadecimal digits behind it; write it as %25");
        }
        bytes.put((byte) (high * 16 + low));
        i += 3;
      } else {
        bytes.put((c == '+' && plusIsSpace ? " " : Character.toString(c)).getBytes(UTF_8));
        i += Character.charCount(c);
      }
    }
    try {
      String decoded = UTF_8.newDecoder().decode(bytes.flip()).toString();
      if (decoded.indexOf('\0') >= 0) {
        throw new DatabaseAddressException(what + " holds a NUL character (%00)");
      }
      return decoded;
    } catch (CharacterCodingException e) {
      throw new DatabaseAddressException(what + " is percent-encoded, but not as UTF-8");
    }
  }
}
