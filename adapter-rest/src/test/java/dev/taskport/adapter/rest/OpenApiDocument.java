package dev.taskport.adapter.rest;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The OpenAPI document as a client gets it. */
public final class OpenApiDocument {
  public static final ObjectMapper JSON = new ObjectMapper();

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

  public OpenApiDocument(TestService service) {
    root = parse(service.get("/openapi.json").body());
  }

  public static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + json, e);
    }
  }

  public List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    fields(root.path("paths"))
        .forEach(
            (path, item) ->
                fields(item)
                    .forEach(
                        (method, node) ->
                            operations.add(
                                new Operation(method.toUpperCase(Locale.ROOT), path, node))));
    assertFalse(operations.isEmpty(), "The document has no operations");
    return operations;
  }

  public Operation operation(String id) {
    return operations().stream().filter(o -> o.id().equals(id)).findFirst().orElseThrow();
  }

  /** What a node stands for, when it is a reference. */
  public JsonNode resolve(JsonNode node) {
    if (!node.has("$ref")) {
      return node;
    }
    JsonNode target = root.at(node.get("$ref").asText().substring(1));
    assertFalse(target.isMissingNode(), node + " leads nowhere");
    return resolve(target);
  }

  /** The values of a media type's examples, by name. */
  public Map<String, JsonNode> examples(JsonNode mediaType) {
    Map<String, JsonNode> examples = new LinkedHashMap<>();
    fields(mediaType.path("examples"))
        .forEach((name, example) -> examples.put(name, resolve(example).path("value")));
    return examples;
  }

  /** Says what is wrong with a value by a schema of this document; nothing if it fits. */
  public String faults(JsonNode schema, JsonNode value) {
    ObjectNode whole = JSON.createObjectNode();
    whole.set("components", root.path("components"));
    whole.putArray("allOf").add(schema);
    SchemaRegistry registry =
        SchemaRegistry.withDialect(
            Dialects.getDraft202012(),
            builder ->
                builder.schemaRegistryConfig(
                    com.networknt.schema.SchemaRegistryConfig.builder()
                        .formatAssertionsEnabled(true)
                        .build()));
    return faults(registry.getSchema(whole), value);
  }

  public static String faults(Schema schema, JsonNode value) {
    return schema.validate(value.toString(), InputFormat.JSON).stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .collect(Collectors.joining("\n"));
  }

  public static Map<String, JsonNode> fields(JsonNode object) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }
}
