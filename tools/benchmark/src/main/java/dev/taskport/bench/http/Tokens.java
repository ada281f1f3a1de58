package dev.taskport.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A token (HS256) for each user. */
final class Tokens {
  /** Of loopback services for the time of a run. */
  static final String SECRET = "the secret of the benchmark, of more than 32 bytes";

  private static final Duration LIFETIME = Duration.ofHours(12);

  private Tokens() {}

  /** Writes them into a file, one a line, in the order of the users' numbers. */
  static Path write(int users) throws IOException {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(US_ASCII), "HmacSHA256"));
      long expiry = Instant.now().plus(LIFETIME).getEpochSecond();
      List<String> tokens = new ArrayList<>();
      for (int user = 0; user < users; user++) {
        String signed =
            encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(US_ASCII))
                + "."
                + encode(
                    "{\"sub\":\"user-%d\",\"exp\":%d}".formatted(user, expiry).getBytes(US_ASCII));
        tokens.add(signed + "." + encode(mac.doFinal(signed.getBytes(US_ASCII))));
      }
      Path file = Files.createTempFile("benchmark", ".tokens");
      file.toFile().deleteOnExit();
      return Files.write(file, tokens);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
