package dev.taskport.adapter.rest.docs;

import static dev.taskport.fuzz.ApiDescription.fields;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.taskport.adapter.rest.MediaTypes;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.service.ServiceVersion;
import dev.taskport.adapter.rest.token.TestTokens;
import dev.taskport.adapter.rest.token.TokenSettings;
import dev.taskport.fuzz.ApiDescription.Operation;
import dev.taskport.testkit.InMemoryTaskRepository;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The OpenAPI document: valid, whole, and about exactly the routes that there are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiDocumentTest {
  private static final Set<String> ABOUT_THE_DOCUMENT = Set.of("/docs", "/redoc", "/openapi.json");

  private final TestService service =
      new TestService(new InMemoryTaskRepository(), Map.of(), TestTokens.settings());
  private final OpenApiDocument document = new OpenApiDocument(service);

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void itFitsTheOfficialSchemaOfOpenApi31() {
    var schema =
        SchemaRegistry.withDefaultDialect(com.networknt.schema.SpecificationVersion.DRAFT_2020_12)
            .getSchema(getClass().getResourceAsStream("/openapi-3.1-schema.json"));

    assertEquals("", OpenApiDocument.faults(schema, document.root));
    assertEquals("3.1.0", document.root.path("openapi").asText());
  }

  @Test
  void everySchemaIsAJsonSchema() {
    var schema =
        SchemaRegistry.withDefaultDialect(com.networknt.schema.SpecificationVersion.DRAFT_2020_12)
            .getSchema(com.networknt.schema.SchemaLocation.of(Dialects.getDraft202012().getId()));

    fields(document.root.at("/components/schemas"))
        .forEach((name, node) -> assertEquals("", OpenApiDocument.faults(schema, node), name));
  }

  @Test
  void itSaysWhatItIsAbout() {
    JsonNode info = document.root.path("info");

    assertEquals(service.bean(ServiceVersion.class).value(), info.path("version").asText());
    for (String key : new String[] {"/title", "/description", "/contact/name", "/license/name"}) {
      assertFalse(info.at(key).asText().isBlank(), key);
    }
  }

  @Test
  void everyRouteIsInItAndNothingElse() {
    Set<String> routes =
        service
            .bean(Router.class)
            .uriRoutes()
            .filter(route -> !isAboutTheDocument(route))
            .filter(route -> !route.getHttpMethodName().equals("HEAD")) // wherever GET is
            .flatMap(route -> paths(route).map(path -> route.getHttpMethodName() + ' ' + path))
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(
        routes,
        document.operations().stream()
            .map(Operation::toString)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** A route that can do without the user stands for two paths. */
  private static Stream<String> paths(UriRouteInfo<?, ?> route) {
    return Stream.of("", "/{user_id}")
        .map(user -> path(route).replace("{/user_id}", user))
        .distinct();
  }

  private static boolean isAboutTheDocument(UriRouteInfo<?, ?> route) {
    String path = path(route);
    return ABOUT_THE_DOCUMENT.contains(path) || path.startsWith("/docs/assets/");
  }

  private static String path(UriRouteInfo<?, ?> route) {
    return route.getUriMatchTemplate().toString().replaceAll(":[^{}]*}", "}");
  }

  @Test
  void everyOperationIsDescribed() {
    Set<String> ids = new TreeSet<>();
    for (Operation operation : document.operations()) {
      JsonNode node = operation.node();
      assertTrue(ids.add(operation.id()), operation + " has no id of its own");
      for (String key : new String[] {"summary", "description"}) {
        assertFalse(node.path(key).asText().isBlank(), operation + " has no " + key);
      }
      assertEquals(1, node.path("tags").size(), operation + " has not one tag");
    }
  }

  @Test
  void everyParameterOfAPathIsThereBeforeAllOthersAndNoneIsPrefilled() {
    for (Operation operation : document.operations()) {
      Set<String> inPath =
          Arrays.stream(operation.path().split("/"))
              .filter(segment -> segment.startsWith("{"))
              .map(segment -> segment.substring(1, segment.length() - 1))
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> described = new TreeSet<>();
      int others = 0;
      for (JsonNode reference : operation.node().path("parameters")) {
        JsonNode parameter = document.resolve(reference);
        boolean path = parameter.path("in").asText().equals("path");
        assertEquals(path, parameter.path("required").asBoolean(), parameter.toString());
        assertFalse(parameter.path("description").asText().isBlank(), parameter.toString());
        if (path) {
          assertEquals(0, others, operation + " names it behind others");
          described.add(parameter.path("name").asText());
          assertFalse(parameter.has("example"), parameter.toString());
        } else {
          others++;
        }
      }
      assertEquals(inPath, described, operation.toString());
    }
  }

  @Test
  void everyBodyHasExamplesThatFitItsSchema() {
    for (Operation operation : document.operations()) {
      fields(operation.node().path("requestBody").path("content"))
          .forEach((type, content) -> assertExamplesFit(operation + " takes " + type, content));
      fields(operation.node().path("responses"))
          .forEach(
              (status, response) ->
                  fields(document.resolve(response).path("content"))
                      .forEach(
                          (type, content) ->
                              assertExamplesFit(operation + " answers " + status, content)));
    }
  }

  private void assertExamplesFit(String where, JsonNode content) {
    assertFalse(document.examples(content).isEmpty(), where + " without an example");
    document
        .examples(content)
        .forEach(
            (name, value) ->
                assertEquals("", document.faults(content.path("schema"), value), where));
  }

  @Test
  void everyErrorIsAProblemAndEveryAnswerHasItsHeaders() {
    for (Operation operation : document.operations()) {
      fields(operation.node().path("responses"))
          .forEach(
              (status, reference) -> {
                String where = operation + " answers " + status;
                JsonNode response = document.resolve(reference);
                Set<String> headers = fields(response.path("headers")).keySet();
                assertTrue(headers.contains("X-Request-ID"), where);
                boolean ofService =
                    operation.path().startsWith("/health"); // the contract's exception
                if (status.matches("[45].*") && !(ofService && status.equals("503"))) {
                  assertEquals(
                      Set.of(MediaTypes.PROBLEM, "application/json"),
                      fields(response.path("content")).keySet(),
                      where);
                  assertEquals(
                      Set.of("429", "503").contains(status),
                      headers.contains("Retry-After"),
                      where);
                  assertEquals(status.equals("412"), headers.contains("ETag"), where);
                  assertEquals(status.equals("4XX"), headers.contains("Allow"), where);
                  assertEquals(status.equals("401"), headers.contains("WWW-Authenticate"), where);
                }
                assertEquals(status.equals("201"), headers.contains("Location"), where);
              });
    }
  }

  @Test
  void everyHeaderHasAType() {
    for (JsonNode headers : document.root.findValues("headers")) {
      for (JsonNode header : headers) {
        assertTrue(header.has("$ref") || header.at("/schema/type").isTextual(), header.toString());
      }
    }
  }

  @Test
  void besidesAReferenceThereIsOnlyItsDescription() {
    for (JsonNode node : document.root.findParents("$ref")) {
      assertTrue(
          Set.of("$ref", "summary", "description").containsAll(fields(node).keySet()),
          node.toString());
    }
  }

  @Test
  void everyPartIsUsed() {
    String text = document.root.toString();
    fields(document.root.path("components"))
        .forEach(
            (kind, parts) ->
                fields(parts)
                    .keySet()
                    .forEach(
                        name ->
                            assertTrue(
                                text.contains("\"#/components/" + kind + '/' + name + '"')
                                    || kind.equals("securitySchemes"), // named without a path
                                kind + '/' + name + " is unused")));
  }

  @Test
  void whatIsUnderTheApiNeedsATokenAndNothingElseDoes() {
    JsonNode scheme = document.root.at("/components/securitySchemes/token");
    assertEquals("http", scheme.path("type").asText());
    assertEquals("bearer", scheme.path("scheme").asText());
    assertEquals("JWT", scheme.path("bearerFormat").asText());
    assertEquals(1, document.root.at("/components/securitySchemes").size());
    assertTrue(document.root.path("security").isMissingNode());

    for (Operation operation : document.operations()) {
      boolean ofUser = operation.path().startsWith("/api/");
      assertEquals(
          ofUser ? "[{\"token\":[]}]" : "",
          operation.node().path("security").toString(),
          operation.toString());
      JsonNode responses = operation.node().path("responses");
      assertEquals(ofUser, responses.has("401"), operation.toString());
      assertEquals(
          operation.path().startsWith("/api/{user_id}/"),
          responses.has("403"),
          operation.toString());
    }
  }

  @Test
  void withoutAuthenticationNothingIsLockedAndNoPathIsTheTokens() {
    try (TestService open = new TestService()) {
      OpenApiDocument unlocked = new OpenApiDocument(open);

      assertTrue(unlocked.root.at("/components/securitySchemes").isMissingNode());
      assertEquals(List.of(), unlocked.root.findValues("security"));
      assertEquals(List.of(), unlocked.root.findValues("401"));
      assertEquals(List.of(), unlocked.root.findValues("403"));
      assertTrue(unlocked.operations().stream().noneMatch(o -> o.path().startsWith("/api/tasks")));
      assertEquals("user123", unlocked.root.at("/components/parameters/UserId/example").asText());
    }
  }

  @Test
  void aCookieThatMayHoldTheTokenIsDescribed() {
    TokenSettings settings =
        new TokenSettings(TestTokens.SECRET, null, "sub", null, null, Duration.ZERO, "session");
    try (TestService cookie = new TestService(new InMemoryTaskRepository(), Map.of(), settings)) {
      OpenApiDocument described = new OpenApiDocument(cookie);

      assertEquals(
          "session", described.root.at("/components/securitySchemes/cookie/name").asText());
      assertEquals(
          "[{\"token\":[]},{\"cookie\":[]}]",
          described.operation("listTasksByToken").node().path("security").toString());
    }
  }

  @Test
  void cachesAskWhetherItHasChanged() {
    HttpResponse<String> first = service.get("/openapi.json");
    String tag = first.headers().firstValue("ETag").orElseThrow();

    assertEquals("no-cache", first.headers().firstValue("Cache-Control").orElseThrow());
    assertEquals("application/json", first.headers().firstValue("Content-Type").orElseThrow());
    assertEquals(304, service.get("/openapi.json", "If-None-Match", tag).statusCode());
    assertEquals(200, service.get("/openapi.json", "If-None-Match", "\"other\"").statusCode());
    assertEquals(200, service.bare("HEAD", "/openapi.json/").statusCode());
  }
}
