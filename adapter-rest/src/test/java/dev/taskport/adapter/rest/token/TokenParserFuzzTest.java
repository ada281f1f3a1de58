package dev.taskport.adapter.rest.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.util.Base64URL;
import dev.taskport.fuzz.ParserFuzzContract;
import java.util.List;

/** Any text as a token, and any bytes as the head of one. */
class TokenParserFuzzTest implements ParserFuzzContract {
  private final TokenParser parser = new TokenParser();

  @Override
  public List<String> seeds() {
    return List.of(
        "",
        "a.b.c",
        "eyJhbGciOiJIUzI1NiJ9.e30.AA",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"none\"}",
        "{\"alg\":\"RS256\",\"kid\":\"k\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\"},\"x5c\":[\"\"],\"jku\":\"x:y\"}",
        "{\"alg\":1}",
        "[".repeat(5000));
  }

  @Override
  public void parse(byte[] input) {
    parse(new String(input, UTF_8));
    parse(Base64URL.encode(input) + ".e30.AA");
  }

  private void parse(String text) {
    parser
        .parse(text)
        .ifPresent(
            token -> {
              assertEquals(text, token.getParsedString());
              assertNotEquals(Algorithm.NONE, token.getHeader().getAlgorithm());
            });
  }
}
