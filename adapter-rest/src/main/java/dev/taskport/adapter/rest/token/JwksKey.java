package dev.taskport.adapter.rest.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public key of a key set. It verifies tokens of one algorithm. The key's type determines the
 * algorithm, never the token (RFC 8725, 3.1).
 *
 * @param id its {@code kid}, by which tokens name it; null if it has none
 * @param algorithms the names of its algorithm
 * @param check verifies a signature with it
 * @param definition the key as the set has it
 */
record JwksKey(@Nullable String id, Set<JWSAlgorithm> algorithms, Check check, JWK definition) {
  private static final Set<JWSAlgorithm> RS256 = Set.of(JWSAlgorithm.RS256);
  private static final Set<JWSAlgorithm> ES256 = Set.of(JWSAlgorithm.ES256);

  /** Ed25519 has two names: RFC 9864 replaced the first with the second. */
  private static final Set<JWSAlgorithm> EDDSA = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

  /** NIST SP 800-131A: shorter ones are no longer safe. */
  private static final int MIN_RSA_BITS = 2048;

  /** The head of an Ed25519 key's X.509 form (RFC 8410); the key's 32 bytes follow. */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /** Whether the key has signed the token. */
  private interface Check {
    boolean verify(SignedJWT token) throws JOSEException, GeneralSecurityException;
  }

  /** Empty for a key that is not for signatures, of an unsupported type, malformed or too short. */
  static Optional<JwksKey> of(JWK key) {
    boolean forSignatures =
        (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
            && (key.getKeyOperations() == null
                || key.getKeyOperations().contains(KeyOperation.VERIFY));
    try {
      if (!forSignatures) {
        return Optional.empty();
      } else if (key instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS) {
        return bound(key, RS256, check(new RSASSAVerifier(rsa.toRSAPublicKey())));
      } else if (key instanceof ECKey ec && ec.getCurve().equals(Curve.P_256)) {
        return bound(key, ES256, check(new ECDSAVerifier(ec.toECPublicKey())));
      } else if (key instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
        return bound(key, EDDSA, ed25519(pair.getDecodedX()));
      }
      return Optional.empty();
    } catch (JOSEException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static Optional<JwksKey> bound(JWK key, Set<JWSAlgorithm> algorithms, Check check) {
    return key.getAlgorithm() == null
            || algorithms.stream().anyMatch(a -> a.getName().equals(key.getAlgorithm().getName()))
        ? Optional.of(new JwksKey(key.getKeyID(), algorithms, check, key))
        : Optional.empty();
  }

  private static Check check(JWSVerifier verifier) {
    return token ->
        verifier.verify(token.getHeader(), token.getSigningInput(), token.getSignature());
  }

  /** By the JDK, because Nimbus' {@code Ed25519Verifier} needs Google Tink. */
  private static Check ed25519(byte[] x) throws GeneralSecurityException {
    if (x.length != 32) {
      throw new GeneralSecurityException("A key of Ed25519 has 32 bytes");
    }
    byte[] encoded = new byte[ED25519_PREFIX.length + x.length];
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(x, 0, encoded, ED25519_PREFIX.length, x.length);
    PublicKey key =
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    return token -> {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(key);
      signature.update(token.getSigningInput());
      return signature.verify(token.getSignature().decode());
    };
  }

  /** Whether any key could verify tokens of this algorithm. */
  static boolean isSupported(JWSAlgorithm algorithm) {
    return RS256.contains(algorithm) || ES256.contains(algorithm) || EDDSA.contains(algorithm);
  }

  /**
   * Whether the token's algorithm and {@code kid} fit. A token without {@code kid} may be signed by
   * any key of its algorithm.
   */
  boolean mayHaveSigned(SignedJWT token) {
    String named = token.getHeader().getKeyID();
    return algorithms.contains(token.getHeader().getAlgorithm())
        && (named == null || named.equals(id));
  }

  /** Whether it has, for a token that it may have signed. Takes up to a millisecond. */
  boolean hasSigned(SignedJWT token) {
    try {
      return check.verify(token);
    } catch (JOSEException | GeneralSecurityException e) {
      return false; // such as a signature of the wrong length
    }
  }
}
