package dev.taskport.adapter.rest.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.context.annotation.Requires;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that were accepted, and who sent them: those used last, up to {@value #MOST}, until
 * they expire. They are forgotten when the keys change. Thread-safe.
 */
@Singleton
@Requires(beans = TokenSettings.class)
final class VerifiedTokens {
  private static final int MOST = 10_000;

  private final Clock clock;

  /** By the token's hash: a token may be thirty kilobytes long. */
  private final Map<String, Authentication> accepted =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Authentication> eldest) {
          return size() > MOST;
        }
      };

  private long keys;

  VerifiedTokens(Clock clock) {
    this.clock = clock;
  }

  /** Which keys are in use, for {@link #add}. */
  synchronized long keys() {
    return keys;
  }

  /** Other keys are in use from now on: they have verified nothing yet. */
  synchronized void keysChanged() {
    keys++;
    accepted.clear();
  }

  /** Whose token this is; null if it was never accepted, or is no longer. */
  @Nullable Authentication find(String token) {
    String hash = hash(token);
    synchronized (this) {
      Authentication sender = accepted.get(hash);
      if (sender == null || TokenClaims.expiry(sender).isAfter(clock.instant())) {
        return sender;
      }
      accepted.remove(hash);
      return null;
    }
  }

  /**
   * Remembers an accepted token.
   *
   * @param checkedBy {@link #keys} from before it was checked
   */
  void add(String token, Authentication sender, long checkedBy) {
    String hash = hash(token);
    synchronized (this) {
      if (checkedBy == keys) {
        accepted.put(hash, sender);
      }
    }
  }

  private static String hash(String token) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
      return new String(hash, ISO_8859_1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
