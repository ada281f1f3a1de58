package dev.taskport.adapter.rest.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.Browser;
import dev.taskport.adapter.rest.FrontProxy;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.token.TestTokens;
import dev.taskport.fuzz.ApiDescription.Operation;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of the documentation, as somebody clicks through them. */
@Tag("full")
class DocsInBrowserTest {
  private final Browser browser = new Browser();
  private final TestService service = new TestService();

  @AfterEach
  void stop() {
    browser.close();
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs", "/docs/"})
  void aTaskIsCreatedAndListedFromSwaggerUi(String path) {
    browser.open(service.uri(path));

    assertEquals("201", tryOut("createTask"));
    browser.screenshot("docs-create");
    assertEquals("200", tryOut("listTasks"));
    browser.screenshot("docs-list");

    assertTrue(
        browser
            .see("#operations-Tasks-listTasks .live-responses-table .highlight-code")
            .getText()
            .contains("Buy milk"));
    assertTrue(service.get("/api/user123/tasks").body().contains("Buy milk"));
    assertQuietAndAtHome();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void belowAPathOfAProxyAllIsBelowThatPath(boolean strips) {
    try (TestService below =
            new TestService(
                new InMemoryTaskRepository(), Map.of("taskport.proxy.base-path", "/apps/todo"));
        FrontProxy proxy = new FrontProxy(below.uri("/"), "/apps/todo", strips)) {
      browser.open(proxy.uri("/apps/todo/redoc"));
      browser.see("[id='tag/Tasks/operation/createTask']");
      browser.open(proxy.uri("/apps/todo/docs"));

      assertEquals("201", tryOut("createTask"));
      assertEquals("200", tryOut("listTasks"));

      assertTrue(below.get("/api/user123/tasks").body().contains("Buy milk"));
      List<URI> elsewhere =
          browser.requests().stream()
              .filter(uri -> !uri.getPath().startsWith("/apps/todo/"))
              .toList();
      assertEquals(List.of(), elsewhere);
      assertEquals(List.of(), browser.console());
    }
  }

  @Test
  void authorizeSendsTheTokenAndRemembersIt() {
    try (TestService secured =
        new TestService(new InMemoryTaskRepository(), Map.of(), TestTokens.settings())) {
      browser.open(secured.uri("/docs"));
      assertEquals("401", tryOut("createTask", "user123"));

      browser.click(".auth-wrapper .authorize");
      browser.see(".auth-container input").sendKeys(TestTokens.of("user123"));
      browser.click(".auth-btn-wrapper .authorize");
      browser.screenshot("docs-authorize");
      browser.click(".auth-btn-wrapper .btn-done");
      assertEquals("200", tryOut("listTasks", "user123"));

      browser.open(secured.uri("/docs"));
      assertEquals("200", tryOut("listTasks", "user123"));
    }
  }

  /** Sends the operation's example from the page and gives the status that the page shows. */
  private String tryOut(String operation) {
    return tryOut(operation, "");
  }

  private String tryOut(String operation, String user) {
    String block = "#operations-Tasks-" + operation;
    browser.click(block + " .opblock-summary-control");
    browser.click(block + " .try-out__btn");
    browser.see(block + " tr[data-param-name='user_id'] input").sendKeys(user);
    browser.click(block + " .execute");
    return browser
        .see(block + " .live-responses-table tbody .response-col_status")
        .getText()
        .trim();
  }

  @Test
  void errorsAreUnfoldedByAClickAndNothingIsLockedWithoutAuthentication() {
    String block = "#operations-Tasks-createTask";
    browser.open(service.uri("/docs"));
    browser.click(block + " .opblock-summary-control");

    browser.see(block + " tr[data-code='201'] .example");
    assertEquals(List.of(), browser.texts(block + " tr[data-code='422'] .example"));
    browser.screenshot("docs-folded");
    browser.click(block + " tr[data-code='422'] button");
    browser.see(block + " tr[data-code='422'] .example");
    assertEquals(List.of(), browser.texts(".authorization__btn"));
  }

  @Test
  void swaggerUiShowsEveryOperation() {
    browser.open(service.uri("/docs"));
    browser.see("#operations-Tasks-createTask");
    browser.screenshot("docs");

    Set<String> expected =
        new OpenApiDocument(service)
            .operations().stream().map(Operation::toString).collect(Collectors.toSet());
    List<String> methods = browser.texts(".opblock-summary-method");
    List<String> paths = browser.texts(".opblock-summary-path");
    assertEquals(expected.size(), methods.size());
    for (int i = 0; i < methods.size(); i++) {
      String shown = methods.get(i) + ' ' + paths.get(i).replace("\u200B", "");
      assertTrue(expected.contains(shown), shown);
    }
    assertQuietAndAtHome();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/redoc", "/redoc/"})
  void redocShowsEveryOperation(String path) {
    browser.open(service.uri(path));
    browser.see("[id='tag/Tasks/operation/createTask']");
    browser.screenshot("redoc");

    String page = String.join("\n", browser.texts("#docs")).toLowerCase(Locale.ROOT);
    for (Operation operation : new OpenApiDocument(service).operations()) {
      String summary = operation.node().path("summary").asText().toLowerCase(Locale.ROOT);
      assertTrue(page.contains(summary), summary);
    }
    assertQuietAndAtHome();
  }

  private void assertQuietAndAtHome() {
    assertEquals(List.of(), browser.console());
    List<URI> requests = browser.requests();
    assertFalse(requests.isEmpty());
    for (URI request : requests) {
      assertEquals(service.uri("/").getAuthority(), request.getAuthority(), request.toString());
    }
  }
}
