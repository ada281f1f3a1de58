package dev.taskport.adapter.rest.docs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.MediaTypes;
import dev.taskport.adapter.rest.TestService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of the documentation and what they load, as files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocsPagesTest {
  private static final Pattern LINK = Pattern.compile("(?:src|href|data-document)=\"([^\"]+)\"");

  private final TestService service = new TestService();

  @AfterAll
  void stop() {
    service.close();
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join("|", answer.headers().allValues(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs", "/docs/", "/redoc", "/redoc/"})
  void allThatAPageLoadsIsServedNextToIt(String page) {
    HttpResponse<String> html = service.get(page);
    assertEquals(200, html.statusCode());
    assertEquals("text/html;charset=utf-8", header(html, "Content-Type"));

    assertFalse(html.body().contains("://"), html.body());
    List<URI> targets =
        LINK.matcher(html.body()).results().map(link -> URI.create(link.group(1))).toList();
    assertTrue(targets.size() >= 4, targets.toString());
    for (URI target : targets) {
      assertFalse(target.getPath().startsWith("/"), target + " doesn't survive a prefix");
      HttpResponse<String> answer = service.get(URI.create(page).resolve(target).getPath());
      assertEquals(200, answer.statusCode(), target.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs", "/redoc/", "/docs/assets/icon.svg", "/docs/assets/redoc.js"})
  void whatMayChangeIsAskedAboutAgain(String path) {
    HttpResponse<String> first = service.get(path);
    assertEquals("no-cache", header(first, "Cache-Control"));
    HttpResponse<String> again = service.get(path, "If-None-Match", header(first, "ETag"));
    assertEquals(304, again.statusCode());

    HttpResponse<String> head = service.bare("HEAD", path);
    assertEquals(200, head.statusCode());
    assertEquals(header(first, "Content-Length"), header(head, "Content-Length"));
    assertEquals("", head.body());
  }

  @ParameterizedTest
  @CsvSource({
    "/docs, text/html",
    "/redoc, text/*",
    "/docs, 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'",
    "/docs/assets/icon.svg, image/*",
    "/docs/assets/icon.svg, 'image/avif,image/svg+xml,image/*,*/*;q=0.8'",
    "/docs/assets/redoc.js, text/javascript",
    "/openapi.json, application/json;q=0.1"
  })
  void whoAcceptsTheTypeGetsIt(String path, String accept) {
    assertEquals(200, service.get(path, "Accept", accept).statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "/docs, text/html;q=0",
    "/docs, 'text/*;q=0, image/*'",
    "/docs, '*/*, text/html;q=0'",
    "/docs, '*/*, text/*;q=0.000'",
    "/docs/assets/icon.svg, text/html",
    "/openapi.json, 'application/json ; q=0'",
    "/openapi.json, '*/*;q=0'"
  })
  void whoDoesNotAcceptTheTypeIsToldSo(String path, String accept) {
    assertEquals(406, service.get(path, "Accept", accept).statusCode());
  }

  @Test
  void theMoreSpecificRangeCounts() {
    assertEquals(200, service.get("/docs", "Accept", "text/*;q=0, text/html").statusCode());
    assertEquals(200, service.get("/docs", "Accept", "*/*;q=0, text/html;q=0.5").statusCode());
  }

  @Test
  void eachFileIsCompressedForThoseWhoAcceptIt() throws IOException {
    for (String path : List.of("/docs/assets/redoc.js", "/openapi.json", library("/docs"))) {
      HttpResponse<byte[]> plain = service.bytes(path, "Accept-Encoding", "gzip;q=0, identity");
      HttpResponse<byte[]> compressed = service.bytes(path, "Accept-Encoding", "br, gzip;q=0.5");
      assertEquals("", header(plain, "Content-Encoding"));
      if (plain.body().length >= 1024) {
        assertEquals("gzip", header(compressed, "Content-Encoding"), path);
        assertTrue(header(compressed, "Vary").contains("Accept-Encoding"));
        assertTrue(compressed.body().length < plain.body().length / 2);
        try (GZIPInputStream unzip =
            new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
          assertArrayEquals(plain.body(), unzip.readAllBytes());
        }
      }
      assertEquals(header(plain, "ETag"), header(compressed, "ETag"));
      assertEquals(304, service.get(path, "If-None-Match", header(plain, "ETag")).statusCode());
    }
  }

  private String library(String page) {
    String link =
        LINK.matcher(service.get(page).body())
            .results()
            .map(match -> match.group(1))
            .filter(target -> target.matches(".*/[0-9.]+/.*[.]js"))
            .findFirst()
            .orElseThrow();
    return URI.create(page).resolve(link).getPath();
  }

  @Test
  void aLibraryIsKeptForGoodUnderItsVersion() {
    for (String page : new String[] {"/docs", "/redoc"}) {
      HttpResponse<String> script = service.get(library(page));
      assertEquals("public, max-age=31536000, immutable", header(script, "Cache-Control"));
      assertEquals("text/javascript;charset=utf-8", header(script, "Content-Type"));
      assertFalse(script.body().contains("https://cdn."), page + " would ask another host");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs", "/redoc"})
  void aPageRunsOnlyWhatComesFromHere(String page) {
    String policy = header(service.get(page), "Content-Security-Policy");

    assertTrue(policy.startsWith("default-src 'self';"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertFalse(policy.contains("script-src"), policy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs/assets/none.js",
        "/docs/assets/swagger-ui.html",
        "/docs/assets/..%2Fversion.properties",
        "/docs/assets/%2E%2E/version.properties",
        "/docs/assets/../version.properties",
        "/docs/assets/swagger-ui/5.34.1/index.html",
        "/docs/assets/swagger-ui/0.0.0/swagger-ui.css",
        "/docs/assets/swagger-ui/1..%2F5.34.1/swagger-ui.css",
        "/docs/assets/swagger-ui%2F5.34.1/5.34.1/swagger-ui.css",
        "/docs/assets/redoc/2.5.1/..%2F2.5.1%2Fredoc.standalone.js",
      })
  void nothingElseOfTheClassPathIsServed(String path) {
    HttpResponse<String> answer = service.get(path);

    assertEquals(404, answer.statusCode(), path);
    assertEquals(MediaTypes.PROBLEM, header(answer, "Content-Type"));
  }
}
