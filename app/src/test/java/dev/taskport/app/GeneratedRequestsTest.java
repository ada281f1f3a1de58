package dev.taskport.app;

import dev.taskport.fuzz.RequestFuzzer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests made from the OpenAPI document, good and broken, to the service on PostgreSQL. */
@Tag("full")
class GeneratedRequestsTest {
  private static final int REQUESTS = 3_000;

  @SuppressWarnings("SystemOut") // the seed, to run it again with
  @Test
  void everyAnswerIsAsDescribedAndWhatIsWrittenReadsBack(@TempDir Path folder) throws Exception {
    long seed = Long.getLong("fuzz.seed", new Random().nextLong());
    Long only = Long.getLong("fuzz.request");
    System.out.println("-Dfuzz.seed=" + seed);
    Settings settings = Settings.read(Map.of("PORT", "0"), folder);
    try (Service service = Service.start(settings, e -> {})) {
      URI uri = URI.create("http://127.0.0.1:" + service.uri().getPort());
      String document =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(uri.resolve("/openapi.json")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();

      new RequestFuzzer(uri, document, seed, null)
          .run(
              only == null ? 0 : only,
              only == null ? Long.getLong("fuzz.requests", REQUESTS) : only + 1);
    }
  }
}
