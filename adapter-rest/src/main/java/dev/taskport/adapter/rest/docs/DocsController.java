package dev.taskport.adapter.rest.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.taskport.adapter.rest.problem.Problems;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.util.Map;
import java.util.Optional;

/**
 * Pages that show the OpenAPI document: Swagger UI and ReDoc. This service serves all their files,
 * and their links are relative, so they work behind a proxy and without a network.
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
  private static final Map<String, MediaType> OF_LIBRARIES =
      Map.of(
          "swagger-ui/swagger-ui-bundle.js", SCRIPT,
          "swagger-ui/swagger-ui.css", STYLE,
          "redoc/redoc.standalone.js", SCRIPT);

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

  DocsController(Problems problems) {
    this.problems = problems;
  }

  @Get("/docs")
  HttpResponse<?> swaggerUi(HttpRequest<?> request) {
    return page(request, "swagger-ui.html");
  }

  @Get("/redoc")
  HttpResponse<?> redoc(HttpRequest<?> request) {
    return page(request, "redoc.html");
  }

  @Get("/docs/assets/{file:[^/]+}")
  HttpResponse<?> asset(HttpRequest<?> request, String file) {
    MediaType type = OURS.get(file);
    Optional<byte[]> bytes = type == null ? Optional.empty() : StaticFile.read(file);
    if (type == null || bytes.isEmpty()) {
      return notFound(request);
    }
    return new StaticFile(bytes.get(), type).answer(request);
  }

  /** A library's file, which never changes under its version. */
  @Get("/docs/assets/{library:[^/]+}/{version:[0-9][0-9.]*}/{file:[^/]+}")
  HttpResponse<?> asset(HttpRequest<?> request, String library, String version, String file) {
    MediaType type = OF_LIBRARIES.get(library + '/' + file);
    Optional<byte[]> bytes =
        type == null
            ? Optional.empty()
            : StaticFile.read(
                "/META-INF/resources/webjars/" + library + '/' + version + '/' + file);
    if (type == null || bytes.isEmpty()) {
      return notFound(request);
    }
    return HttpResponse.ok(library.equals("redoc") ? withoutLogo(bytes.get()) : bytes.get())
        .contentType(type)
        .header(HttpHeaders.CACHE_CONTROL, "public, max-age=31536000, immutable");
  }

  /** ReDoc loads its vendor's logo from a different host, and leaves it out if that fails. */
  private static byte[] withoutLogo(byte[] script) {
    return new String(script, UTF_8).replace(REDOC_LOGO, "data:,").getBytes(UTF_8);
  }

  private static HttpResponse<?> page(HttpRequest<?> request, String file) {
    String root = request.getPath().endsWith("/") ? ".." : ".";
    String html =
        new String(
            StaticFile.read(file).orElseThrow(() -> new IllegalStateException(file + " is gone")),
            UTF_8);
    return new StaticFile(html.replace("{root}", root).getBytes(UTF_8), HTML)
        .answer(request)
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
  }

  private HttpResponse<?> notFound(HttpRequest<?> request) {
    return problems.answer(request, HttpStatus.NOT_FOUND, "Not Found");
  }
}
