package dev.taskport.app.isolation;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.taskport.adapter.rest.token.TokenSettings;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The users of a check: the owner of the tasks, and those who try to reach them.
 *
 * @param owner the user whose tasks must stay private
 * @param stranger a different user
 * @param lookalikes more users, whose ids a careless comparison takes for the owner's
 * @param expired an expired token of the owner; null if there is none
 */
record Users(User owner, User stranger, List<User> lookalikes, @Nullable String expired) {
  static final String TOKEN_A = "ISOLATION_TOKEN_A";
  static final String TOKEN_B = "ISOLATION_TOKEN_B";
  static final String TOKEN_EXPIRED = "ISOLATION_TOKEN_EXPIRED";

  /** Longer than a check takes. */
  private static final Duration LIFETIME = Duration.ofMinutes(30);

  /** A user and the user's token. {@code toString} hides the token. */
  record User(String id, String token) {
    @Override
    public String toString() {
      return id;
    }
  }

  /**
   * Two users with tokens from the environment; without these, invented users with tokens signed by
   * the shared secret.
   */
  static Users of(@Nullable TokenSettings settings, Map<String, String> environment) {
    String owner = environment.getOrDefault(TOKEN_A, "").strip();
    String stranger = environment.getOrDefault(TOKEN_B, "").strip();
    if (owner.isEmpty() != stranger.isEmpty()) {
      throw new IsolationException(
          (owner.isEmpty() ? TOKEN_A : TOKEN_B) + ": the other of the two tokens needs it");
    } else if (!owner.isEmpty()) {
      String expired = environment.getOrDefault(TOKEN_EXPIRED, "").strip();
      String claim = settings == null ? "sub" : settings.userClaim();
      return real(
          user(TOKEN_A, owner, claim),
          user(TOKEN_B, stranger, claim),
          expired.isEmpty() ? null : expired);
    } else if (settings != null && settings.secret() != null) {
      return invented(settings);
    }
    throw new IsolationException(
        "there is no shared secret to make tokens with: put those of two test accounts into "
            + "%s and %s".formatted(TOKEN_A, TOKEN_B));
  }

  private static Users real(User owner, User stranger, @Nullable String expired) {
    if (owner.id().equals(stranger.id())) {
      throw new IsolationException(
          TOKEN_B + ": it is of the same user as " + TOKEN_A + "; take two accounts");
    }
    return new Users(owner, stranger, List.of(), expired);
  }

  private static User user(String variable, String token, String claim) {
    try {
      JWTClaimsSet claims = SignedJWT.parse(token).getJWTClaimsSet();
      Object id = claims.getClaim(claim);
      if (id instanceof String || id instanceof Long) {
        return new User(id.toString(), token);
      }
      throw new IsolationException("%s: the token has no claim %s".formatted(variable, claim));
    } catch (ParseException e) {
      throw new IsolationException(
          variable + ": it is no signed JSON Web Token (three parts with dots between)");
    }
  }

  private static Users invented(TokenSettings settings) {
    Instant now = Instant.now();
    Instant later = now.plus(LIFETIME);
    String owner = "isolation-check-" + UUID.randomUUID();
    List<User> lookalikes =
        List.of(
                owner.toUpperCase(Locale.ROOT),
                owner + " ",
                " " + owner,
                owner + "/",
                owner + ";x=y",
                owner + "%00",
                owner.substring(0, owner.length() - 1),
                "%" + owner.substring(1),
                "*")
            .stream()
            .map(id -> new User(id, settings.sign(id, later)))
            .toList();
    String stranger = "isolation-check-" + UUID.randomUUID();
    return new Users(
        new User(owner, settings.sign(owner, later)),
        new User(stranger, settings.sign(stranger, later)),
        lookalikes,
        settings.sign(owner, now.minus(settings.clockSkew()).minusSeconds(60)));
  }

  /** The owner's token with a wrong signature. */
  String broken() {
    String token = owner.token();
    int signature = token.lastIndexOf('.') + 1;
    char other = token.charAt(signature) == 'A' ? 'B' : 'A';
    return token.substring(0, signature) + other + token.substring(signature + 1);
  }

  @Override
  public String toString() {
    return owner + " and " + stranger;
  }
}
