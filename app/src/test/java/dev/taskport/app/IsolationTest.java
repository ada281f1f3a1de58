package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.app.isolation.IsolationCheck;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

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
    settings = Settings.read(Map.of("JWT_SECRET", SECRET, "PORT", "0"), folder);
    service = Service.start(settings);
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
    List<String> lines = check("http://localhost:" + service.uri().getPort());

    String all = String.join("\n", lines);
    assertTrue(lines.get(lines.size() - 1).startsWith("Isolated: "), all);
    assertFalse(all.contains("FAILS"), all);
    Set<String> routes =
        service
            .context()
            .getBean(Router.class)
            .uriRoutes()
            .filter(route -> !route.getHttpMethodName().equals("HEAD")) // wherever GET is
            .map(IsolationTest::name)
            .filter(name -> !name.startsWith("GET /docs/assets/")) // files
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> walked =
        lines.subList(0, lines.size() - 1).stream()
            .map(line -> line.substring(0, line.indexOf(':')))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(routes, walked);
  }

  private static String name(UriRouteInfo<?, ?> route) {
    return route.getHttpMethodName()
        + ' '
        + route.getUriMatchTemplate().toString().replaceAll(":[^{}]*}", "}");
  }
}
