package dev.taskport.adapter.rest.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a key set, and the tokens that they have verified: those used last, up to {@value
 * #MOST_TOKENS}, until they expire. Other keys are another object, which has verified nothing yet.
 * Thread-safe.
 */
final class KnownKeys {
  private static final int MOST_TOKENS = 10_000;

  private final List<JwksKey> keys;
  private final Clock clock;

  /** When each expires, by the token's hash. */
  private final Map<String, Instant> verified =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MOST_TOKENS;
        }
      };

  KnownKeys(List<JwksKey> keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  int size() {
    return keys.size();
  }

  /** Whether these are the same keys. */
  boolean are(List<JwksKey> others) {
    return definitions().equals(others.stream().map(JwksKey::definition).toList());
  }

  private List<JWK> definitions() {
    return keys.stream().map(JwksKey::definition).toList();
  }

  List<JwksKey> thatMayHaveSigned(SignedJWT token) {
    return keys.stream().filter(key -> key.mayHaveSigned(token)).toList();
  }

  /** The keys that may have signed a token, without those that were tried. */
  List<JwksKey> thatMayHaveSigned(SignedJWT token, KnownKeys tried) {
    List<JWK> old = tried.definitions();
    return thatMayHaveSigned(token).stream()
        .filter(key -> !old.contains(key.definition()))
        .toList();
  }

  /**
   * Whether the token is one that these keys have verified already. Says nothing of its claims: it
   * may have expired meanwhile.
   */
  boolean haveVerified(SignedJWT token) {
    String hash = hash(token);
    synchronized (verified) {
      Instant expiry = verified.get(hash);
      if (expiry != null && expiry.isBefore(clock.instant())) {
        verified.remove(hash);
        return false;
      }
      return expiry != null;
    }
  }

  /** Verifies a token by some of these keys, which takes up to a millisecond for each. */
  boolean verify(SignedJWT token, List<JwksKey> candidates) {
    if (candidates.stream().noneMatch(key -> key.hasSigned(token))) {
      return false;
    }
    Instant expiry = expiry(token);
    if (expiry != null) {
      synchronized (verified) {
        verified.put(hash(token), expiry);
      }
    }
    return true;
  }

  private static @Nullable Instant expiry(SignedJWT token) {
    try {
      Date expiry = token.getJWTClaimsSet().getExpirationTime();
      return expiry == null ? null : expiry.toInstant();
    } catch (ParseException e) {
      return null; // the claims' check refuses it
    }
  }

  private static String hash(SignedJWT token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(token.getParsedString().getBytes(US_ASCII));
      return new String(hash, ISO_8859_1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
