package dev.taskport.adapter.rest.token;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import java.util.List;

/** The keys of a key set. Immutable. */
final class KnownKeys {
  private final List<JwksKey> keys;

  KnownKeys(List<JwksKey> keys) {
    this.keys = keys;
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

  /** Verifies a token by some of these keys, which takes up to a millisecond for each. */
  boolean verify(SignedJWT token, List<JwksKey> candidates) {
    return candidates.stream().anyMatch(key -> key.hasSigned(token));
  }
}
