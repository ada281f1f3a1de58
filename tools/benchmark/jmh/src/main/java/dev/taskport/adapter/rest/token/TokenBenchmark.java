package dev.taskport.adapter.rest.token;

import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Mono;

/** Reading a token and checking its signature (HS256). */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TokenBenchmark {
  private final TokenSettings settings =
      new TokenSettings(
          "the secret of a benchmark, longer than 32 bytes",
          null,
          "sub",
          null,
          null,
          Duration.ofSeconds(30));
  private final TokenParser parser = new TokenParser();
  private final HmacTokenVerifier verifier = new HmacTokenVerifier(settings);
  private final String token = settings.sign("user123", Instant.now().plus(Duration.ofDays(1)));

  @Benchmark
  public Object check() {
    SignedJWT read = (SignedJWT) parser.parse(token).orElseThrow();
    return Mono.from(verifier.verify(read)).block();
  }
}
