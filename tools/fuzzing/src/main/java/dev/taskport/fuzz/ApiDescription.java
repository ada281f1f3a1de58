package dev.taskport.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An OpenAPI 3.1 document, and whether answers are as it describes them. Not thread-safe. */
public class ApiDescription {
  public static final ObjectMapper JSON = new ObjectMapper();

  /** Described for an answer, but only in it when there is something to say. */
  private static final Set<String> SOMETIMES =
      Set.of(
          "Idempotency-Replayed",
          "Link",
          "X-Total-Count",
          "Preference-Applied",
          "RateLimit",
          "RateLimit-Policy");

  /** An operation; {@code node} is its description. */
  public record Operation(String method, String path, JsonNode node) {
    public String id() {
      return node.path("operationId").asText();
    }

    @Override
    public String toString() {
      return method + ' ' + path;
    }
  }

  public final JsonNode root;

  private final SchemaRegistry registry =
      SchemaRegistry.withDialect(
          Dialects.getDraft202012(),
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
  private final Map<JsonNode, Schema> schemas = new HashMap<>();

  /** Reads a document, as JSON. */
  public ApiDescription(String json) {
    root = parse(json);
  }

  public static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + json, e);
    }
  }

  public final List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    fields(root.path("paths"))
        .forEach(
            (path, item) ->
                fields(item)
                    .forEach(
                        (method, node) ->
                            operations.add(
                                new Operation(method.toUpperCase(Locale.ROOT), path, node))));
    if (operations.isEmpty()) {
      throw new AssertionError("The document has no operations");
    }
    return operations;
  }

  public final Operation operation(String id) {
    return operations().stream().filter(o -> o.id().equals(id)).findFirst().orElseThrow();
  }

  /** What a node stands for, when it is a reference. */
  public final JsonNode resolve(JsonNode node) {
    if (!node.has("$ref")) {
      return node;
    }
    JsonNode target = root.at(node.get("$ref").asText().substring(1));
    if (target.isMissingNode()) {
      throw new AssertionError(node + " leads nowhere");
    }
    return resolve(target);
  }

  /** The values of a media type's examples, by name. */
  public final Map<String, JsonNode> examples(JsonNode mediaType) {
    Map<String, JsonNode> examples = new LinkedHashMap<>();
    fields(mediaType.path("examples"))
        .forEach((name, example) -> examples.put(name, resolve(example).path("value")));
    return examples;
  }

  /** Says what is wrong with a value by a schema of this document; nothing if it fits. */
  public final String faults(JsonNode schema, JsonNode value) {
    return faults(schemas.computeIfAbsent(schema, this::compiled), value);
  }

  private Schema compiled(JsonNode schema) {
    ObjectNode whole = JSON.createObjectNode();
    whole.set("components", root.path("components"));
    whole.putArray("allOf").add(schema);
    return registry.getSchema(whole);
  }

  public static String faults(Schema schema, JsonNode value) {
    return schema.validate(value).stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .collect(Collectors.joining("\n"));
  }

  /** What the document says of answers with this status. */
  public final JsonNode response(Operation operation, int status) {
    JsonNode responses = operation.node().path("responses");
    JsonNode own = responses.path(String.valueOf(status));
    return resolve(own.isMissingNode() ? responses.path(status / 100 + "XX") : own);
  }

  /**
   * Says in what an answer differs from its description: status, headers, media type, body; nothing
   * if it is as described.
   *
   * @param head whether the request was a HEAD, so that there is no body
   */
  public final String faults(Operation operation, Answer answer, boolean head) {
    JsonNode response = response(operation, answer.status());
    if (!response.has("description")) {
      return "the status " + answer.status() + " is not described";
    }
    List<String> faults = new ArrayList<>();
    fields(response.path("headers"))
        .forEach((name, header) -> addHeaderFaults(faults, name, resolve(header), answer));
    if (head || !response.has("content")) {
      if (!answer.body().isEmpty()) {
        faults.add("there is a body, but none is described");
      }
    } else {
      addBodyFaults(faults, response.path("content"), answer);
    }
    return String.join("\n", faults);
  }

  private void addHeaderFaults(List<String> faults, String name, JsonNode header, Answer answer) {
    String value = answer.header(name).orElse(null);
    if (value == null) {
      // Allow is promised for one of the statuses that 4XX stands for.
      if (!SOMETIMES.contains(name) && !(name.equals("Allow") && answer.status() != 405)) {
        faults.add(name + " is missing");
      }
      return;
    }
    JsonNode schema = header.path("schema");
    JsonNode node =
        schema.path("type").asText().equals("integer") && value.matches("[0-9]{1,18}")
            ? JSON.getNodeFactory().numberNode(Long.parseLong(value))
            : JSON.getNodeFactory().textNode(value);
    String fault = faults(schema, node);
    if (!fault.isEmpty()) {
      faults.add(name + ": " + fault);
    }
  }

  private void addBodyFaults(List<String> faults, JsonNode content, Answer answer) {
    String type = answer.header("Content-Type").orElse("none");
    JsonNode schema = content.path(type).path("schema");
    if (!schema.isObject()) {
      faults.add("the content type " + type + " is not described");
      return;
    }
    JsonNode body =
        type.startsWith("text/")
            ? JSON.getNodeFactory().textNode(answer.body())
            : parse(answer.body());
    String fault = faults(schema, body);
    if (!fault.isEmpty()) {
      faults.add(fault);
    }
    Set<String> known = fields(resolve(schema).path("properties")).keySet();
    if (!known.containsAll(fields(body).keySet())) {
      faults.add("the body has keys that are not described: " + fields(body).keySet());
    }
  }

  public static Map<String, JsonNode> fields(JsonNode object) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }
}
