package dev.taskport.adapter.rest.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What may be compressed on its way, and what an entity tag keeps as it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressionTest {
  private final TestService service = new TestService();
  private String task = "";

  @BeforeAll
  void aLongTask() {
    String body = "{\"title\":\"a\",\"description\":\"" + "x".repeat(1000) + "\"}";
    HttpResponse<String> created =
        service.send("POST", "/api/alice/tasks", body, "Accept-Encoding", "gzip, deflate, br");
    task = header(created, "Location");
    assertEquals("", header(created, "Content-Encoding"));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join("|", answer.headers().allValues(name));
  }

  @Test
  void anAnswerWithATagIsTheSameBytesForEverybody() {
    for (String coding : new String[] {"gzip", "deflate", "br", "zstd", "snappy", "*"}) {
      for (HttpResponse<String> answer :
          List.of(
              service.get(task, "Accept-Encoding", coding),
              service.send("PUT", task, "{}", "Accept-Encoding", coding),
              service.send("PATCH", task, "{}", "Accept-Encoding", coding),
              service.bare("PATCH", task + "/complete", "Accept-Encoding", coding))) {
        assertEquals(200, answer.statusCode());
        assertEquals("", header(answer, "Content-Encoding"), coding);
        assertEquals("Origin", header(answer, "Vary"));
        assertTrue(answer.body().length() > 1024);
      }
    }
  }

  @Test
  void aListMayBeCompressedAndSaysSoToCaches() throws IOException {
    HttpResponse<String> plain = service.get("/api/alice/tasks");
    HttpResponse<byte[]> compressed = service.bytes("/api/alice/tasks", "Accept-Encoding", "gzip");

    assertEquals("", header(plain, "Content-Encoding"));
    assertEquals("gzip", header(compressed, "Content-Encoding"));
    assertEquals("Prefer, Origin, Accept-Encoding", header(plain, "Vary"));
    assertEquals("Prefer, Origin, Accept-Encoding", header(compressed, "Vary"));
    try (GZIPInputStream unzip = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
      assertEquals(plain.body(), new String(unzip.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aLongPageIsCompressedToo() throws IOException {
    String body = "{\"title\":\"a\",\"description\":\"" + "y".repeat(1000) + "\"}";
    for (int i = 0; i < 100; i++) {
      assertEquals(201, service.send("POST", "/api/many/tasks", body).statusCode());
    }
    for (String path : List.of("/api/many/tasks", "/api/many/tasks?limit=90")) {
      HttpResponse<byte[]> compressed = service.bytes(path, "Accept-Encoding", "gzip");
      HttpResponse<String> plain = service.get(path, "Accept-Encoding", "gzip;q=0");

      assertEquals("gzip", header(compressed, "Content-Encoding"));
      assertEquals("", header(plain, "Content-Encoding"));
      try (GZIPInputStream unzip =
          new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
        assertEquals(plain.body(), new String(unzip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void aShortListIsNotWorthIt() {
    HttpResponse<String> answer = service.get("/api/nobody/tasks", "Accept-Encoding", "gzip");

    assertEquals("[]", answer.body());
    assertEquals("", header(answer, "Content-Encoding"));
  }
}
