package dev.taskport.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where spans go, and which. The variables are OpenTelemetry's, with its names and defaults. {@code
 * toString} hides the headers, which may hold a key.
 *
 * @param endpoint where spans are posted: with {@code /v1/traces}
 * @param headers of each such request
 * @param resource what the spans are said to come from: {@code service.name} and others
 * @param ratio the part of the traces that is sent, 0 to 1
 * @param followsParent whether a request that names its trace is sent if and only if its caller's
 *     span is
 */
record TraceSettings(
    URI endpoint,
    Map<String, String> headers,
    Map<String, String> resource,
    double ratio,
    boolean followsParent) {

  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String DISABLED = "OTEL_SDK_DISABLED";
  private static final String EXPORTER = "OTEL_TRACES_EXPORTER";
  private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
  private static final String SERVICE = "OTEL_SERVICE_NAME";
  private static final String RESOURCE = "OTEL_RESOURCE_ATTRIBUTES";
  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
  private static final String SAMPLER = "OTEL_TRACES_SAMPLER";
  private static final String RATIO = "OTEL_TRACES_SAMPLER_ARG";
  private static final String PARENT_BASED = "parentbased_";

  private static final Pattern NUMBER = Pattern.compile("0(\\.\\d{1,9})?|1(\\.0{1,9})?");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7E]*");

  TraceSettings {
    headers = Map.copyOf(headers);
    resource = Map.copyOf(resource);
  }

  /**
   * Reads the variables.
   *
   * @param variables the value of each; null for one that isn't set
   * @return null if no endpoint is set, or traces are turned off
   * @throws SettingsException if a value can't be used
   */
  static @Nullable TraceSettings read(Function<String, @Nullable String> variables) {
    String ofTraces = variables.apply(TRACES_ENDPOINT);
    String ofAll = variables.apply(ENDPOINT);
    String disabled = variables.apply(DISABLED);
    String exporter = variables.apply(EXPORTER);
    String protocol = variables.apply(PROTOCOL);
    String headers = variables.apply(HEADERS);
    String service = variables.apply(SERVICE);
    String resource = variables.apply(RESOURCE);
    String sampler = variables.apply(SAMPLER);
    String ratio = variables.apply(RATIO);
    // A machine may have the others for its other programs.
    if ((ofTraces == null && ofAll == null)
        || "true".equalsIgnoreCase(disabled)
        || "none".equalsIgnoreCase(exporter)) {
      return null;
    }
    if (exporter != null && !exporter.equals("otlp")) {
      throw new SettingsException(EXPORTER + ": it must be otlp or none");
    }
    if (protocol != null && !protocol.equals("http/protobuf")) {
      throw new SettingsException(
          PROTOCOL
              + ": it must be http/protobuf, which collectors mostly take on port 4318 (4317 is gRPC)");
    }
    Map<String, String> attributes = new HashMap<>(Map.of("service.name", "taskport"));
    attributes.putAll(pairs(RESOURCE, resource));
    if (service != null) {
      attributes.put("service.name", service);
    }
    Sampling sampling = Sampling.of(sampler, ratio);
    return new TraceSettings(
        ofTraces == null
            ? url(ENDPOINT, String.valueOf(ofAll).replaceFirst("/*$", "/v1/traces"))
            : url(TRACES_ENDPOINT, ofTraces),
        headers(pairs(HEADERS, headers)),
        attributes,
        sampling.ratio(),
        sampling.followsParent());
  }

  private record Sampling(double ratio, boolean followsParent) {
    static Sampling of(@Nullable String sampler, @Nullable String ratio) {
      String kind = sampler == null ? PARENT_BASED + "always_on" : sampler.toLowerCase(Locale.ROOT);
      boolean followsParent = kind.startsWith(PARENT_BASED);
      return new Sampling(
          switch (followsParent ? kind.substring(PARENT_BASED.length()) : kind) {
            case "always_on" -> 1;
            case "always_off" -> 0;
            case "traceidratio" -> number(ratio == null ? "1" : ratio);
            default ->
                throw new SettingsException(
                    SAMPLER
                        + ": it must be always_on, always_off or traceidratio, or one of these with"
                        + " parentbased_ before it");
          },
          followsParent);
    }

    private static double number(String ratio) {
      if (!NUMBER.matcher(ratio).matches()) {
        throw new SettingsException(RATIO + ": it must be a number from 0 to 1, such as 0.1");
      }
      return Double.parseDouble(ratio);
    }
  }

  private static Map<String, String> headers(Map<String, String> headers) {
    headers.forEach(
        (name, value) -> {
          if (!HEADER.matcher(name).matches() || !PRINTABLE.matcher(value).matches()) {
            throw notPairs(HEADERS);
          }
        });
    return headers;
  }

  private static URI url(String name, String value) {
    try {
      URI url = new URI(value);
      if (url.getHost() != null
          && url.getUserInfo() == null
          && ("http".equalsIgnoreCase(url.getScheme())
              || "https".equalsIgnoreCase(url.getScheme()))) {
        return url;
      }
    } catch (URISyntaxException e) {
      // refused below, without the value
    }
    throw new SettingsException(
        name + ": it must be a URL like http://collector:4318, without user and password");
  }

  /** {@code key=value,key=value}, the values percent-encoded. */
  private static Map<String, String> pairs(String name, @Nullable String value) {
    Map<String, String> pairs = new HashMap<>();
    for (String pair : value == null ? new String[0] : value.split(",")) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? "" : pair.substring(0, equals).strip();
      if (key.isEmpty()) {
        throw notPairs(name);
      }
      try {
        pairs.put(
            key,
            // A plus is a plus here.
            URLDecoder.decode(
                pair.substring(equals + 1).strip().replace("+", "%2B"), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw notPairs(name);
      }
    }
    return pairs;
  }

  private static SettingsException notPairs(String name) {
    return new SettingsException(
        name + ": it must be key=value pairs with commas between them, the values percent-encoded");
  }

  @Override
  public String toString() {
    return "TraceSettings[endpoint=%s, resource=%s, ratio=%s, followsParent=%s]"
        .formatted(endpoint, resource, ratio, followsParent);
  }
}
