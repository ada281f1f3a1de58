package dev.taskport.adapter.rest.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeyLengthException;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import io.micronaut.context.annotation.Requires;
import io.micronaut.security.token.jwt.signature.ReactiveSignatureConfiguration;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Verifies tokens signed with HS256 and the shared secret. Refuses all tokens if there is no
 * secret.
 */
@Singleton
@Requires(beans = TokenSettings.class)
final class HmacTokenVerifier implements ReactiveSignatureConfiguration<SignedJWT> {
  private final @Nullable JWSVerifier verifier;

  HmacTokenVerifier(TokenSettings settings) {
    String secret = settings.secret();
    try {
      verifier = secret == null ? null : new MACVerifier(secret.getBytes(UTF_8));
    } catch (KeyLengthException e) {
      throw new IllegalStateException("TokenSettings let a short secret pass", e);
    } catch (JOSEException e) {
      throw new IllegalStateException("This Java has no HMAC", e);
    }
  }

  @Override
  public Publisher<Boolean> verify(SignedJWT token) {
    try {
      return Mono.just(
          verifier != null
              && JWSAlgorithm.HS256.equals(token.getHeader().getAlgorithm())
              && verifier.verify(token.getHeader(), token.getSigningInput(), token.getSignature()));
    } catch (JOSEException e) {
      return Mono.just(false);
    }
  }
}
