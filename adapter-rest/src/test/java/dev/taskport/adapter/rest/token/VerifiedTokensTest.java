package dev.taskport.adapter.rest.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.testkit.InMemoryTaskRepository;
import io.micronaut.security.authentication.Authentication;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
  private static final TokenSettings SETTINGS = settings("s3cret of thirty-two bytes or more");
  private static final TokenSettings OTHERS = settings("s3cret of somebody else, and as long");
  private static final Instant EXPIRY = TestService.NOW.plusSeconds(2);

  private final TestService service =
      new TestService(new InMemoryTaskRepository(), Map.of(), SETTINGS);
  private final VerifiedTokens tokens = service.bean(VerifiedTokens.class);

  private static TokenSettings settings(String secret) {
    return new TokenSettings(secret, null, "sub", null, null, Duration.ZERO);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private int status(String user, String token) {
    return service.get("/api/" + user + "/tasks", "Authorization", "Bearer " + token).statusCode();
  }

  @Test
  void anAcceptedTokenIsRememberedUntilItExpires() {
    String token = SETTINGS.sign("alice", EXPIRY);
    assertNull(tokens.find(token));
    assertEquals(200, status("alice", token));

    Authentication sender = tokens.find(token);
    assertNotNull(sender);
    assertEquals("alice", sender.getName());
    assertEquals(200, status("alice", token));

    while (service.now().isBefore(TokenClaims.expiry(sender))) {
      service.tick();
    }
    assertNull(tokens.find(token));
    assertEquals(401, status("alice", token));
  }

  @Test
  void aRememberedTokenOpensItsUsersTasksOnly() {
    String token = SETTINGS.sign("alice", EXPIRY);
    assertEquals(200, status("alice", token));
    assertEquals(403, status("bob", token));
  }

  @Test
  void aRefusedTokenIsNotRemembered() {
    String token = OTHERS.sign("alice", EXPIRY);
    assertEquals(401, status("alice", token));
    assertNull(tokens.find(token));
    assertEquals(401, status("alice", token));
  }

  @Test
  void whatKeysHaveAcceptedThatAreNoLongerInUseIsForgotten() {
    String token = SETTINGS.sign("alice", EXPIRY);
    long keys = tokens.keys();
    Authentication sender =
        Authentication.build("alice", Map.of("exp", TestService.NOW.plusSeconds(9)));
    tokens.add(token, sender, keys);
    assertNotNull(tokens.find(token));

    tokens.keysChanged();

    assertNull(tokens.find(token));
    tokens.add(token, sender, keys);
    assertNull(tokens.find(token));
  }
}
