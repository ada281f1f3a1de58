package dev.taskport.app.isolation;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The service's OpenAPI document, and example requests for its operations.
 *
 * <p>{@code tools/fuzzing} has a separate reader on Jackson's tree, for checks with JSON Schema, a
 * library that the service doesn't have. The code that both share, the list of operations and the
 * references, is too little for a module of its own.
 */
final class ApiDocument {
  /** The path parameter for the owner of the tasks. */
  static final String USER = "{user_id}";

  static final String TASK = "{task_id}";

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  /** An example of a body. */
  record Body(String type, Map<?, ?> members) {}

  /**
   * An operation, and the requests that it accepts.
   *
   * @param path the path template; all parameters except the user and the task are filled in
   * @param template the path template of the document
   * @param takesBody whether it reads a body
   * @param bodies at least one example for each media type, if it takes a body
   * @param queries each query parameter with a value
   * @param headers the names of the headers that it reads
   * @param locked whether it needs a token
   */
  record Operation(
      String method,
      String path,
      String template,
      boolean takesBody,
      List<Body> bodies,
      List<String> queries,
      Set<String> headers,
      boolean locked) {
    boolean isUsers() {
      return path.contains(USER);
    }

    /** Whether the path contains no user, so that the token's user is meant. */
    boolean isCallers() {
      return locked && !isUsers();
    }

    boolean isTasks() {
      return path.contains(TASK);
    }

    /** Whether it works on a deleted task. */
    boolean isOfDeleted() {
      return path.endsWith("/restore");
    }

    @Override
    public String toString() {
      return method + ' ' + template;
    }
  }

  private final Map<?, ?> root;

  private ApiDocument(Map<?, ?> root) {
    this.root = root;
  }

  static ApiDocument parse(String json) {
    try {
      return new ApiDocument(JSONObjectUtils.parse(json));
    } catch (ParseException e) {
      throw new IsolationException("/openapi.json is no JSON object", e);
    }
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    object(root.get("paths"))
        .forEach(
            (path, item) ->
                object(item)
                    .forEach(
                        (method, node) -> {
                          if (METHODS.contains(method)) {
                            operations.add(
                                operation(
                                    String.valueOf(method),
                                    String.valueOf(path),
                                    object(item),
                                    object(node)));
                          }
                        }));
    return operations;
  }

  private Operation operation(String method, String template, Map<?, ?> item, Map<?, ?> node) {
    List<Object> parameters = new ArrayList<>(array(item.get("parameters")));
    parameters.addAll(array(node.get("parameters")));
    String path = template;
    List<String> queries = new ArrayList<>();
    List<String> headers = new ArrayList<>();
    for (Object reference : parameters) {
      Map<?, ?> parameter = resolve(reference);
      String name = String.valueOf(parameter.get("name"));
      switch (String.valueOf(parameter.get("in"))) {
        case "query" -> queries.add(encode(name) + '=' + encode(value(parameter)));
        case "header" -> headers.add(name);
        case "path" -> {
          String place = '{' + name + '}';
          if (!place.equals(USER) && !place.equals(TASK)) {
            path = path.replace(place, encode(value(parameter)));
          }
        }
        default -> {} // cookies are skipped: they only hold tokens
      }
    }
    Map<?, ?> content = object(resolve(node.get("requestBody")).get("content"));
    return new Operation(
        method.toUpperCase(Locale.ROOT),
        path,
        template,
        !content.isEmpty(),
        bodies(content),
        List.copyOf(queries),
        Set.copyOf(headers),
        !array(node.get("security")).isEmpty());
  }

  /** The examples of all media types; empty if one of them has no example. */
  private List<Body> bodies(Map<?, ?> content) {
    List<Body> bodies = new ArrayList<>();
    for (Map.Entry<?, ?> type : content.entrySet()) {
      Collection<?> examples = object(object(type.getValue()).get("examples")).values();
      if (examples.isEmpty()) {
        return List.of();
      }
      for (Object example : examples) {
        bodies.add(new Body(String.valueOf(type.getKey()), object(resolve(example).get("value"))));
      }
    }
    return List.copyOf(bodies);
  }

  /** A valid value of the parameter: its example, or a value by its schema. */
  private String value(Map<?, ?> parameter) {
    Map<?, ?> schema = resolve(parameter.get("schema"));
    for (Object value : new @Nullable Object[] {parameter.get("example"), schema.get("example")}) {
      if (value != null) {
        return value.toString();
      }
    }
    List<?> choice = array(schema.get("enum"));
    if (!choice.isEmpty()) {
      return String.valueOf(choice.get(choice.size() - 1));
    } else if ("date-time".equals(schema.get("format"))) {
      return "2026-01-01T00:00:00Z";
    }
    return switch (String.valueOf(schema.get("type"))) {
      case "boolean" -> "true";
      case "integer", "number" -> "1";
      default -> "a";
    };
  }

  private Map<?, ?> resolve(@Nullable Object node) {
    Map<?, ?> object = object(node);
    // A limit for nested references, because a reference may refer to itself.
    for (int i = 0; i < 10 && object.get("$ref") instanceof String reference; i++) {
      Map<?, ?> target = root;
      for (String step : reference.replaceFirst("^#/", "").split("/", -1)) {
        target = object(target.get(step.replace("~1", "/").replace("~0", "~")));
      }
      object = target;
    }
    return object;
  }

  private static Map<?, ?> object(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> array(@Nullable Object node) {
    return node instanceof List<?> list ? list : List.of();
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
