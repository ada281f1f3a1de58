package dev.taskport.adapter.rest.token;

import static dev.taskport.adapter.rest.token.TestTokens.claims;
import static dev.taskport.adapter.rest.token.TestTokens.ed25519;
import static dev.taskport.adapter.rest.token.TestTokens.header;
import static dev.taskport.adapter.rest.token.TestTokens.jwk;
import static dev.taskport.adapter.rest.token.TestTokens.keySet;
import static dev.taskport.adapter.rest.token.TestTokens.signed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What checking signatures costs, and whom. */
class SignatureChecksTest {
  private static final KeyPair KEY = ed25519();
  private static final KeyPair OTHER = ed25519();

  private final JwksServer keys = new JwksServer();
  private final TestService service;
  private final SignatureChecks checks;

  SignatureChecksTest() {
    keys.serve(keySet(jwk(KEY.getPublic(), "\"kid\":\"1\"")));
    service =
        new TestService(
            new InMemoryTaskRepository(),
            Map.of("taskport.tokens.jwks-min-interval", "0s"),
            new TokenSettings(null, keys.address(), "sub", null, null, Duration.ZERO));
    checks = service.bean(SignatureChecks.class);
    assertTrue(waitFor(() -> keys.requests() > 0));
  }

  @AfterEach
  void stop() {
    service.close();
    keys.close();
  }

  private static boolean waitFor(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(5_000_000);
    }
    return true;
  }

  private int status(String token) {
    return service.get("/api/alice/tasks", "Authorization", "Bearer " + token).statusCode();
  }

  private static String token(KeyPair key, String id, String claims) {
    return signed(key.getPrivate(), header("EdDSA", id), claims);
  }

  @Test
  void aVerifiedTokenIsNotVerifiedAgain() {
    String token = token(KEY, "1", claims("alice"));
    assertEquals(200, status(token));
    long before = checks.completed();

    for (int i = 0; i < 20; i++) {
      assertEquals(200, status(token));
    }

    assertEquals(before, checks.completed());
  }

  @Test
  void aVerifiedTokenExpiresAllTheSame() {
    long expiry = TestService.NOW.getEpochSecond() + 1;
    String token = token(KEY, "1", "{\"sub\":\"alice\",\"exp\":" + expiry + "}");
    assertEquals(200, status(token));

    while (service.now().getEpochSecond() < expiry) {
      service.tick();
    }

    assertEquals(401, status(token));
  }

  @Test
  void otherKeysHaveVerifiedNothingYet() {
    String token = token(KEY, "1", claims("alice"));
    assertEquals(200, status(token));

    keys.serve(keySet(jwk(OTHER.getPublic(), "\"kid\":\"2\"")));
    assertEquals(200, status(token(OTHER, "2", claims("alice"))));

    assertEquals(401, status(token));
  }

  @Test
  void theSameKeysAreNotTriedTwice() {
    String forged = signed(OTHER.getPrivate(), header("EdDSA", null), claims("alice"));
    long before = checks.completed();

    assertEquals(401, status(forged));

    assertTrue(waitFor(() -> checks.completed() > before));
    assertEquals(before + 1, checks.completed());
  }

  @Test
  void whileForgedTokensTakeAllChecksThoseWithAVerifiedTokenAreServed() {
    String verified = token(KEY, "1", claims("alice"));
    assertEquals(200, status(verified));
    CountDownLatch end = new CountDownLatch(1);
    Supplier<Boolean> forged =
        () -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return false;
        };
    for (int i = 0; i < 10_000; i++) {
      var unused = checks.submit(forged).onErrorReturn(false).subscribe();
    }

    assertEquals(503, status(token(OTHER, "1", claims("bob"))));
    assertEquals(200, status(verified));
    end.countDown();
    assertTrue(waitFor(() -> status(token(KEY, "1", claims("alice"))) == 200));
  }
}
