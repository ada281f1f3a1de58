package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.app.isolation.IsolationCheck;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No route of the service leads to another user's tasks: what operators can check, on this build.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IsolationTest {
  private static final String SECRET = "s3cret-of-the-isolation-test-with-32-bytes";

  private Settings settings;
  private Service service;

  @BeforeAll
  void start(@TempDir Path folder) {
    settings =
        Settings.read(
            Map.of(
                "JWT_SECRET",
                SECRET,
                "PORT",
                "0",
                "BASE_PATH",
                "/todo",
                "TRUSTED_PROXIES",
                "127.0.0.1,::1",
                "RATE_LIMIT",
                "1000/second"),
            folder);
    service = Service.start(settings, e -> {});
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private List<String> check(String url) {
    List<String> lines = new ArrayList<>();
    boolean isolated = IsolationCheck.run(url, settings.tokens(), Map.of(), lines::add);
    assertEquals(isolated, lines.get(lines.size() - 1).startsWith("Isolated: "), lines.toString());
    return lines;
  }

  @Test
  void noRouteLeadsToAnotherUsersTasksAndNoneIsLeftOut() {
    List<String> lines = check("http://localhost:" + service.uri().getPort() + "/todo");

    String all = String.join("\n", lines);
    assertTrue(lines.get(lines.size() - 1).startsWith("Isolated: "), all);
    assertFalse(all.contains("FAILS"), all);
    Set<String> routes =
        service
            .context()
            .getBean(Router.class)
            .uriRoutes()
            .filter(route -> !route.getHttpMethodName().equals("HEAD")) // wherever GET is
            .flatMap(IsolationTest::names)
            .filter(name -> !name.startsWith("GET /docs/assets/")) // files
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> walked =
        lines.subList(0, lines.size() - 1).stream()
            .map(line -> line.substring(0, line.indexOf(':')))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(routes, walked);
  }

  @Tag("full")
  @ParameterizedTest
  @CsvSource({
    "BELIEVES_A_PATH_IN_A_HEADER, GET, /api/{user_id}/tasks, 'X-Original-URL: '",
    "BELIEVES_A_PATH_IN_A_HEADER, GET, /api/{user_id}/tasks/{task_id}, 'X-Original-URL: '",
    "WALKS_UP_AND_DOWN, GET, /api/{user_id}/tasks, %2e%2e",
    "WALKS_UP_AND_DOWN, DELETE, /api/{user_id}/tasks/{task_id}, /../",
    "OVERRIDES_THE_METHOD, DELETE, /api/{user_id}/tasks/{task_id}, has changed",
    "COMPARES_WITHOUT_CASE, GET, /api/{user_id}/tasks, the token of 'ISOLATION-CHECK",
    "READS_FOR_ANYBODY, GET, /api/{user_id}/tasks/{task_id}, 'by no token: answered 200'",
    "CHECKS_NO_TOKEN, PUT, /api/{user_id}/tasks/{task_id}, 'by a token with a wrong signature: '",
    "CHECKS_NO_EXPIRY, GET, /api/{user_id}/tasks, 'by an expired token: answered 200'",
    "DELETES_THOUGH_IT_REFUSES, DELETE, /api/{user_id}/tasks/{task_id}, one of these requests",
    "BELIEVES_THE_QUERY, GET, /api/{user_id}/tasks, ?user_id=",
    "FINDS_BY_THE_ID_ALONE, GET, /api/{user_id}/tasks/{task_id}, instead of 404",
    "SHOWS_TASKS_ON_A_PAGE, GET, /health, with the owner's task",
    "REFUSES_EVERYBODY, PATCH, /api/{user_id}/tasks/{task_id}/complete, proves nothing"
  })
  void aLeakIsFoundAndSaidOfWhichRequest(
      LeakyProxy.Leak leak, String method, String path, String finding) throws IOException {
    try (LeakyProxy proxy =
        new LeakyProxy("http://localhost:" + service.uri().getPort(), SECRET, leak, method, path)) {
      List<String> lines = check(proxy.url());

      String all = String.join("\n", lines);
      assertTrue(lines.get(lines.size() - 1).startsWith("NOT ISOLATED: "), all);
      assertTrue(all.contains(method + ' ' + path + ": FAILS"), all);
      assertTrue(
          lines.stream().anyMatch(line -> line.startsWith("  ") && line.contains(finding)), all);
      assertFalse(all.contains("eyJ"), "a token is shown");
    }
  }

  /** A route that can do without the user stands for two paths. */
  private static Stream<String> names(UriRouteInfo<?, ?> route) {
    String path = route.getUriMatchTemplate().toString().replaceAll(":[^{}]*}", "}");
    return Stream.of("", "/{user_id}")
        .map(user -> route.getHttpMethodName() + ' ' + path.replace("{/user_id}", user))
        .distinct();
  }
}
