package dev.taskport.adapter.rest.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.taskport.adapter.rest.problem.Problems;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Pages that show the OpenAPI document: Swagger UI and ReDoc. This service serves all their files,
 * and their links are relative, so they work behind a proxy and without a network. Each file is
 * read and compressed once, when the first one is asked for.
 */
@Secured(SecurityRule.IS_ANONYMOUS)
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class DocsController {
  private static final MediaType HTML = MediaType.of("text/html;charset=utf-8");
  private static final MediaType SCRIPT = MediaType.of("text/javascript;charset=utf-8");
  private static final MediaType STYLE = MediaType.of("text/css;charset=utf-8");
  private static final MediaType SVG = MediaType.of("image/svg+xml");

  private static final Map<String, MediaType> OURS =
      Map.of("swagger-ui.js", SCRIPT, "redoc.js", SCRIPT, "icon.svg", SVG);

  /** A library's file in the pages, which have the version from the build. */
  private static final Pattern LIBRARY = Pattern.compile("/docs/assets/([a-z-]+/[0-9.]+/[^\"]+)\"");

  private static final String REDOC_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";

  /**
   * Swagger UI draws its icons from {@code data:} URLs. ReDoc has two inline style sheets: an empty
   * one, which its script fills, and the one of its scroll bar.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; img-src 'self' data:;"
          + " style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
          + " 'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc=';"
          + " object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Problems problems;
  private final Map<String, StaticFile> files = new HashMap<>();
  private final Map<String, StaticFile> pages = new HashMap<>();

  DocsController(Problems problems) {
    this.problems = problems;
    OURS.forEach((file, type) -> files.put(file, new StaticFile(required(file), type)));
    for (String page : List.of("swagger-ui.html", "redoc.html")) {
      String html = new String(required(page), UTF_8);
      LIBRARY.matcher(html).results().forEach(link -> addLibrary(link.group(1)));
      for (String root : List.of(".", "..")) {
        pages.put(root + page, new StaticFile(html.replace("{root}", root).getBytes(UTF_8), HTML));
      }
    }
  }

  /**
   * @param path library, version and file
   */
  private void addLibrary(String path) {
    byte[] bytes = required("/META-INF/resources/webjars/" + path);
    MediaType type = path.endsWith(".css") ? STYLE : SCRIPT;
    files.put(
        path, StaticFile.forGood(path.startsWith("redoc/") ? withoutLogo(bytes) : bytes, type));
  }

  private static byte[] required(String file) {
    return StaticFile.read(file).orElseThrow(() -> new IllegalStateException(file + " is gone"));
  }

  @Get("/docs")
  @Produces(MediaType.TEXT_HTML)
  HttpResponse<?> swaggerUi(HttpRequest<?> request) {
    return page(request, "swagger-ui.html");
  }

  @Get("/redoc")
  @Produces(MediaType.TEXT_HTML)
  HttpResponse<?> redoc(HttpRequest<?> request) {
    return page(request, "redoc.html");
  }

  @Get("/docs/assets/{file:[^/]+}")
  @Produces({"text/javascript", "application/javascript", "image/svg+xml"})
  HttpResponse<?> asset(HttpRequest<?> request, String file) {
    return file(request, file);
  }

  /** A library's file, which never changes under its version. */
  @Get("/docs/assets/{library:[^/]+}/{version:[0-9][0-9.]*}/{file:[^/]+}")
  @Produces({"text/javascript", "application/javascript", "text/css"})
  HttpResponse<?> asset(HttpRequest<?> request, String library, String version, String file) {
    return file(request, library + '/' + version + '/' + file);
  }

  private HttpResponse<?> file(HttpRequest<?> request, String name) {
    StaticFile file = files.get(name);
    return file == null
        ? problems.answer(request, HttpStatus.NOT_FOUND, "Not Found")
        : file.answer(request);
  }

  /** ReDoc loads its vendor's logo from a different host, and leaves it out if that fails. */
  private static byte[] withoutLogo(byte[] script) {
    return new String(script, UTF_8).replace(REDOC_LOGO, "data:,").getBytes(UTF_8);
  }

  private HttpResponse<?> page(HttpRequest<?> request, String page) {
    String root = request.getPath().endsWith("/") ? ".." : ".";
    return Objects.requireNonNull(pages.get(root + page))
        .answer(request)
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
  }
}
