package dev.taskport.adapter.rest.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.query.QueryParameters;
import dev.taskport.domain.Revision;
import dev.taskport.fuzz.ParserFuzzContract;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.netty.NettyHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;

/**
 * Any bytes as a header that the service parses (entity tags, {@code Prefer}, {@code Accept},
 * {@code Idempotency-Key}), and as the target of a request.
 */
class RequestHeadFuzzTest implements ParserFuzzContract {
  private static final String CURRENT = EntityTag.of(new Revision(Instant.EPOCH.plusSeconds(7), 3));

  @Override
  public List<String> seeds() {
    return List.of(
        "",
        "*",
        CURRENT,
        "W/" + CURRENT + ", \"a\"",
        "\"0hod4if62kg-01\"",
        "\"-1y2p0ij32e8e7-1\"",
        "\"zzzzzzzzzzzzz-999999999999999999\"",
        "\"hod4if62kg-1-gzip\"",
        "count=exact",
        "respond-async; wait=10, Count = \"ex\\act\"",
        "text/html;q=0, */*, application/*;q=0.1",
        "application/json; q=0.000",
        "\"key \\\"1\\\\\"",
        "/api/a+b|c/tasks?x=100%&y=%zz&tag=a,b&%ff=%C3%A4",
        "/\u00e9?a=b+c&&=&limit");
  }

  @Override
  public void parse(byte[] input) {
    // The codec has refused control characters.
    String text = new String(input, ISO_8859_1).replaceAll("[\\x00-\\x1f\\x7f]", "\t");
    entityTag(text);
    conditions(text);
    preferences(text);
    accepted(text);
    target(text);
    try {
      IdempotencyKeyHeader.of(headers("Idempotency-Key", text));
    } catch (InvalidInputException e) {
      // refused in words
    }
  }

  private static HttpHeaders headers(String name, String... values) {
    var headers = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    headers.add(name, List.of(values));
    return new NettyHttpHeaders(headers, ConversionService.SHARED);
  }

  /** A tag is compared character by character: it has one spelling only. */
  private static void entityTag(String text) {
    EntityTag.parse(text).ifPresent(revision -> assertEquals(text, EntityTag.of(revision)));
  }

  private static void conditions(String text) {
    ConditionalHeaders match = new ConditionalHeaders(headers("If-Match", text));
    assertTrue(match.hasIfMatch());
    assertFalse(match.whyStale().isEmpty());
    assertFalse(match.precondition().toString().isEmpty());

    ConditionalHeaders noneMatch = new ConditionalHeaders(headers("If-None-Match", text, CURRENT));
    assertTrue(text.strip().equals("*") || noneMatch.isFresh(CURRENT), text);
    try {
      noneMatch.demandAbsence();
    } catch (InvalidInputException e) {
      // refused in words
    }
  }

  private static void preferences(String text) {
    assertTrue(Preferences.wantCount(headers("Prefer", "count=exact", text)));
    Preferences.wantCount(headers("Prefer", text));
  }

  private static void accepted(String text) {
    String accepted = AcceptedTypes.of(List.of(text));
    assertEquals(accepted, AcceptedTypes.of(List.of(accepted)));
  }

  private static void target(String text) {
    String repaired = RequestTarget.repair(text);
    assertEquals(repaired, RequestTarget.repair(repaired));
    try {
      new QueryParameters(new URI(repaired).getRawQuery()).all("tag");
    } catch (URISyntaxException e) {
      // the framework refuses it
    }
  }
}
