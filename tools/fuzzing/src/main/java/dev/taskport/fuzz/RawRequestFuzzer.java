package dev.taskport.fuzz;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sends what no client library sends: broken request lines and headers, and bodies whose length two
 * programs may read differently. Each is sent alone on a connection, and ended.
 *
 * <p>Nothing may fail; an error is a problem as the document describes it; and what follows a body
 * must not be taken for a request unless the body's end is beyond doubt.
 */
public final class RawRequestFuzzer {
  private static final String BODY = "{\"title\":\"a\"}";

  /** Names of fields and their values, each of which makes the end of the body doubtful. */
  private static final List<String> DOUBTFUL =
      List.of(
          "Content-Length: 13\r\nTransfer-Encoding: chunked",
          "Content-Length: 13\r\nContent-Length: 12",
          "Content-Length: 013, 13",
          "Content-Length: 13;x",
          "Content-Length: \u00b2",
          "Content-Length: -13",
          "Content-Length: 1\r\n 3",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding: \u000bchunked",
          "Transfer-Encoding: chunked, gzip",
          "Transfer-Encoding : chunked",
          "Transfer-Encoding\t: chunked",
          "Transfer-Encoding:\r\n chunked\r\nContent-Length: 13",
          "X: a\rTransfer-Encoding: chunked\r\nContent-Length: x");

  private static final String[] PIECES = {
    "\r",
    "\n",
    "\r\n",
    "\r\n\r\n",
    " ",
    "\t",
    ":",
    "\0",
    "\u0080",
    "\u00ff",
    "HTTP/1.1",
    "HTTP/1.0",
    "HTTP/2.0",
    "GET",
    "%",
    "%00",
    "#",
    "?",
    "//",
    "*",
    "Host: b\r\n",
    "Content-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Expect: 100-continue\r\n",
    "Connection: close\r\n",
    "Upgrade: h2c\r\nConnection: Upgrade\r\n",
    "5\r\n",
    "0\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\u0016\u0003\u0001\u0002\u0000\u0001",
    "x: " + "y".repeat(40_000) + "\r\n",
    "[",
    "é"
  };

  private final URI service;
  private final long seed;
  private final ApiDescription description;

  /**
   * @param service where the service listens, by plain HTTP
   * @param document the service's OpenAPI document
   */
  public RawRequestFuzzer(URI service, String document, long seed) {
    this.service = service;
    this.seed = seed;
    this.description = new ApiDescription(document);
  }

  /**
   * Sends the requests from one number to another, which is excluded.
   *
   * @throws AssertionError for the first answer that isn't right
   */
  public void run(long from, long to) {
    for (long number = from; number < to; number++) {
      SplittableRandom random =
          new SplittableRandom(new SplittableRandom(seed).nextLong() - number);
      boolean doubtful = random.nextInt(3) == 0;
      String sent = doubtful ? doubtful(random) : mutated(random);
      try (HttpConnection connection = new HttpConnection(service)) {
        check(connection.exchangeAll(sent), doubtful);
      } catch (AssertionError | IOException | RuntimeException e) {
        throw new AssertionError(
            "Repeat it with -Dfuzz.seed=%d -Dfuzz.request=%d%n%s%n%s"
                .formatted(seed, number, Shown.of(sent), e),
            e);
      }
    }
  }

  private static String doubtful(SplittableRandom random) {
    return "POST /api/raw/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        + DOUBTFUL.get(random.nextInt(DOUBTFUL.size()))
        + "\r\n\r\n"
        + (random.nextBoolean() ? BODY : "d\r\n" + BODY + "\r\n0\r\n\r\n")
        + "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  /** A good request with a few pieces put in, left out or doubled. */
  private static String mutated(SplittableRandom random) {
    StringBuilder text =
        new StringBuilder(
            random.nextBoolean()
                ? "GET /api/raw/tasks?limit=1 HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n"
                : "POST /api/raw/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 13\r\n\r\n"
                    + BODY);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.setCharAt(at, (char) random.nextInt(0x100));
        case 2 -> text.insert(at, text.substring(random.nextInt(at + 1), at));
        default -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
      }
    }
    return text.toString();
  }

  private void check(List<Answer> answers, boolean doubtful) {
    if (doubtful && answers.size() != 1) {
      throw new AssertionError("One answer should be all, but there are: " + answers);
    }
    for (Answer answer : answers) {
      if (answer.status() >= 500 && answer.status() != 503) {
        throw new AssertionError("The service fails: " + answer);
      }
      if (doubtful && answer.status() != 400) {
        throw new AssertionError("Not refused: " + answer);
      }
      if (answer.status() >= 400) {
        String faults =
            description.faults(
                description.operation("createTask"), answer, answer.body().isEmpty());
        if (!faults.isEmpty()) {
          throw new AssertionError("Not as described: " + faults + "\n" + answer);
        }
      }
    }
  }
}
