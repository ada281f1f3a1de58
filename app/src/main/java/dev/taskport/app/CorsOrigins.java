package dev.taskport.app;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the origins whose pages may call the service. */
final class CorsOrigins {
  private static final Pattern ORIGIN =
      Pattern.compile(
          "(?<scheme>[a-z][a-z0-9+.-]*)://(?<host>[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::(?<port>[0-9]{1,5}))?/?");

  private static final Map<String, String> DEFAULT_PORTS = Map.of("http", "80", "https", "443");

  private CorsOrigins() {}

  /**
   * Reads a JSON array or a list separated by commas. Quotes, spaces and a trailing slash are
   * ignored. Returns the origins as browsers send them: in lower case, without the scheme's default
   * port.
   *
   * @throws SettingsException if one is not an exact origin
   */
  static List<String> parse(String variable, String text) {
    boolean array = text.startsWith("[") && text.endsWith("]");
    String list = array ? text.substring(1, text.length() - 1) : text;
    Set<String> origins = new LinkedHashSet<>();
    // An origin contains no character that JSON escapes, except the slash. Any other escape is
    // refused below.
    List<String> entries =
        Arrays.stream(list.split(","))
            .map(entry -> EnvFile.unquote(entry).replace("\\/", "/"))
            .filter(entry -> !entry.isEmpty())
            .toList();
    for (int i = 0; i < entries.size(); i++) {
      origins.add(origin(variable + " entry " + (i + 1), entries.get(i)));
    }
    return List.copyOf(origins);
  }

  private static String origin(String entry, String text) {
    if (text.contains("*")) {
      throw new SettingsException(
          entry + ": * is not allowed, because credentials are; list the origins one by one");
    }
    Matcher origin = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
    if (!origin.matches()) {
      throw new SettingsException(
          entry + ": it must be scheme://host or scheme://host:port, such as https://example.com");
    }
    String start = origin.group("scheme") + "://" + origin.group("host");
    String port = origin.group("port");
    if (port == null || port.equals(DEFAULT_PORTS.get(origin.group("scheme")))) {
      return start;
    }
    int number = Integer.parseInt(port);
    if (number < 1 || number > 65535) {
      throw new SettingsException(entry + ": the port must be a number from 1 to 65535");
    }
    return start + ":" + number;
  }
}
