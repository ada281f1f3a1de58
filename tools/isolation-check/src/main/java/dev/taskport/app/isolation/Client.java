package dev.taskport.app.isolation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sends requests to the service with exactly the given target, and doesn't follow redirects. */
final class Client {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 8 * 1024 * 1024;

  /** How often a request is repeated that comes too soon for a rate limit. */
  private static final int MAX_REPEATS = 5;

  private static final int MAX_WAIT_SECONDS = 60;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final String root;
  private int sent;

  Client(URI service) {
    this.root = service.toString().replaceFirst("/+$", "");
  }

  /** The number of requests sent. */
  int sent() {
    return sent;
  }

  /** Sends a request that the service must answer. */
  Answer send(Request request, @Nullable String token) {
    try {
      return exchange(request, token);
    } catch (SSLException e) {
      throw new IsolationException(
          ("%s: TLS fails (%s): give the URL with the name in its certificate; for an authority of"
                  + " your own, see docs/security.md")
              .formatted(root, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new IsolationException(
          "%s can't be reached (%s): start the service, or give its URL"
              .formatted(
                  root, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
          e);
    }
  }

  /** Sends a malformed request, to which a server or a proxy may close the connection. */
  Answer sendOdd(Request request, @Nullable String token) {
    try {
      return exchange(request, token);
    } catch (HttpTimeoutException e) {
      throw new IsolationException(root + " doesn't answer in time: " + request, e);
    } catch (IOException e) {
      return Answer.NONE; // if the service is down, the next ordinary request fails
    }
  }

  /**
   * The events up to the first comment, which the service sends when there are no more for now. The
   * time to wait before reconnecting is left out: it is different each time.
   */
  private static String events(InputStream body) throws IOException {
    StringBuilder events = new StringBuilder();
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, UTF_8));
    String line = lines.readLine();
    while (line != null && !line.startsWith(":") && events.length() < MAX_BYTES) {
      if (!line.startsWith("retry:")) {
        events.append(line).append('\n');
      }
      line = lines.readLine();
    }
    return events.toString();
  }

  /** A request that a rate limit refuses would prove nothing: it is sent again when it may be. */
  private HttpResponse<InputStream> sendInTime(HttpRequest request)
      throws IOException, InterruptedException {
    for (int repeats = 0; ; repeats++) {
      sent++;
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 429) {
        return response;
      }
      response.body().close();
      long seconds = response.headers().firstValueAsLong("Retry-After").orElse(1);
      if (repeats == MAX_REPEATS || seconds > MAX_WAIT_SECONDS) {
        throw new IsolationException(
            root + " takes too few requests: set its RATE_LIMIT higher while it is checked");
      }
      Thread.sleep(Duration.ofSeconds(seconds).toMillis());
    }
  }

  private Answer exchange(Request request, @Nullable String token) throws IOException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(root + request.target()))
            .timeout(TIMEOUT)
            .method(
                request.method(),
                request.body() == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(request.body()));
    for (int i = 0; i < request.headers().size(); i += 2) {
      builder.header(request.headers().get(i), request.headers().get(i + 1));
    }
    if (token != null) {
      builder.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<InputStream> response = sendInTime(builder.build());
      try (InputStream body = response.body()) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        return new Answer(
            response.statusCode(),
            response.headers().map().toString(),
            response.headers().firstValue("ETag").orElse(""),
            type.startsWith("text/event-stream")
                ? events(body)
                : new String(body.readNBytes(MAX_BYTES), UTF_8));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IsolationException("interrupted", e);
    }
  }
}
