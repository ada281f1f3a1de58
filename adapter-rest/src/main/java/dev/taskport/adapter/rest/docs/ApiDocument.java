package dev.taskport.adapter.rest.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.taskport.adapter.rest.MediaTypes;
import dev.taskport.adapter.rest.token.TokenSettings;
import io.micronaut.context.annotation.Property;
import io.micronaut.http.MediaType;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The OpenAPI document: read once from {@code openapi.yml}, adapted to the service's settings, and
 * served as JSON. {@code openapi.yml} describes a service with authentication, and only the paths
 * that contain a user.
 */
@Singleton
final class ApiDocument {
  private static final String SOURCE = "openapi.yml";
  private static final String NAMED = "/api/{user_id}/tasks";
  private static final String OWN = "/api/tasks";
  private static final String OWN_TAG = "Own tasks";
  private static final String REF = "$ref";
  private static final String HEADERS = "#/components/headers/";
  private static final String RESPONSES = "#/components/responses/";

  private final JsonMapper mapper;
  private final Map<String, Object> root = source();

  /**
   * @param tokens null for a service without authentication
   * @param rateLimit how many requests are allowed in a period; 0 for any number
   */
  ApiDocument(
      JsonMapper mapper,
      @Nullable TokenSettings tokens,
      @Property(name = "taskport.rate-limit.requests", defaultValue = "0") int rateLimit) {
    this.mapper = mapper;
    addJsonToProblems();
    if (rateLimit > 0) {
      addRateLimit();
    }
    if (tokens == null) {
      removeAuthentication();
    } else {
      object(components("parameters"), "UserId")
          .remove("example"); // with tokens, the example's user would get 403
      addOwnPaths(tokens.cookie() != null);
      if (tokens.cookie() != null) {
        addCookie(tokens.cookie());
      }
    }
  }

  /**
   * The document in UTF-8.
   *
   * @param prefix what clients see before the service's own paths; may be empty
   */
  byte[] json(String prefix) {
    Map<String, Object> document = new LinkedHashMap<>(root);
    document.put(
        "servers",
        List.of(
            Map.of(
                "url",
                prefix.isEmpty() ? "/" : prefix,
                "description",
                "The service that this document comes from")));
    try {
      return mapper.writeValueAsBytes(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The {@code Accept} header decides which of the two media types a problem has. */
  private void addJsonToProblems() {
    for (String name : components("responses").keySet()) {
      Map<String, Object> response = object(components("responses"), name);
      if (response.containsKey("content")) {
        Map<String, Object> content = object(response, "content");
        Object problem = content.get(MediaTypes.PROBLEM);
        if (problem != null) {
          content.put(MediaType.APPLICATION_JSON, problem);
        }
      }
    }
  }

  /** The headers that answers to requests for tasks have then. */
  private void addRateLimit() {
    Map<String, Object> paths = new LinkedHashMap<>(object(root, "paths"));
    paths.keySet().removeIf(path -> !path.startsWith(NAMED));
    for (Map<String, Object> operation : operations(paths).values()) {
      Map<String, Object> responses = object(operation, "responses");
      for (String status : responses.keySet()) {
        if (status.startsWith("2") || status.equals("304")) {
          Map<String, Object> headers = object(response(responses, status), "headers");
          headers.put("RateLimit", Map.of(REF, HEADERS + "RateLimit"));
          headers.put("RateLimit-Policy", Map.of(REF, HEADERS + "RateLimitPolicy"));
        }
      }
    }
  }

  private Map<String, Object> response(Map<String, Object> responses, String status) {
    Map<String, Object> response = object(responses, status);
    return response.get(REF) instanceof String reference
        ? object(components("responses"), reference.substring(RESPONSES.length()))
        : response;
  }

  private void removeAuthentication() {
    object(root, "components").remove("securitySchemes");
    components("headers").remove("WWWAuthenticate");
    for (String name : List.of("Unauthorized", "Forbidden")) {
      components("responses").remove(name);
    }
    for (Map<String, Object> operation : operations(object(root, "paths")).values()) {
      operation.remove("security");
      object(operation, "responses").keySet().removeAll(List.of("401", "403"));
    }
  }

  /** The same operations on the tasks of the token's user. */
  private void addOwnPaths(boolean cookie) {
    Map<String, Object> tag = new LinkedHashMap<>();
    tag.put("name", OWN_TAG);
    tag.put("description", "The same without a user in the path: the token says whose tasks");
    root.computeIfPresent(
        "tags", (key, tags) -> Stream.concat(((List<?>) tags).stream(), Stream.of(tag)).toList());
    Map<String, Object> named = object(copy(root), "paths");
    named.keySet().removeIf(path -> !path.startsWith(NAMED));
    for (Map<String, Object> operation : operations(named).values()) {
      operation.put("operationId", operation.get("operationId") + "ByToken");
      operation.put("tags", List.of(OWN_TAG));
      if (!cookie) {
        object(operation, "responses").remove("403"); // the path names no user
      }
      operation.computeIfPresent(
          "parameters",
          (key, parameters) ->
              ((List<?>) parameters)
                  .stream().filter(p -> !p.toString().endsWith("/UserId}")).toList());
    }
    named.forEach(
        (path, item) -> object(root, "paths").put(OWN + path.substring(NAMED.length()), item));
  }

  private void addCookie(String name) {
    Map<String, Object> cookie = new LinkedHashMap<>();
    cookie.put("description", "The same token in a cookie, when there is no Authorization header.");
    cookie.put("type", "apiKey");
    cookie.put("in", "cookie");
    cookie.put("name", name);
    components("securitySchemes").put("cookie", cookie);
    for (Map<String, Object> operation : operations(object(root, "paths")).values()) {
      operation.computeIfPresent(
          "security",
          (key, token) -> List.of(Map.of("token", List.of()), Map.of("cookie", List.of())));
    }
  }

  private Map<String, Object> components(String kind) {
    return object(object(root, "components"), kind);
  }

  /** By path and method. */
  private static Map<String, Map<String, Object>> operations(Map<String, Object> paths) {
    Map<String, Map<String, Object>> operations = new LinkedHashMap<>();
    for (String path : paths.keySet()) {
      for (String method : object(paths, path).keySet()) {
        operations.put(path + ' ' + method, object(object(paths, path), method));
      }
    }
    return operations;
  }

  private static Map<String, Object> source() {
    byte[] yaml =
        StaticFile.read(SOURCE).orElseThrow(() -> new IllegalStateException(SOURCE + " is gone"));
    Load load = new Load(LoadSettings.builder().setLabel(SOURCE).build());
    return copy((Map<?, ?>) load.loadFromString(new String(yaml, UTF_8)));
  }

  private static Map<String, Object> copy(Map<?, ?> object) {
    Map<String, Object> copy = new LinkedHashMap<>();
    object.forEach(
        (name, value) ->
            copy.put(String.valueOf(name), value instanceof Map<?, ?> inner ? copy(inner) : value));
    return copy;
  }

  /** A member that is an object. {@link #copy} made every object in the document. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Map<String, Object> parent, String name) {
    Object value = parent.get(name);
    if (value instanceof Map<?, ?>) {
      return (Map<String, Object>) value;
    }
    throw new IllegalStateException(SOURCE + " has no object " + name);
  }
}
