package dev.taskport.app;

import dev.taskport.adapter.rest.token.TokenSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the settings for the tokens that the service accepts. */
final class TokenVariables {
  private static final String HOW =
      "set BETTER_AUTH_SECRET, JWT_SECRET, JWKS_URL or BETTER_AUTH_URL";

  /** Decided without DNS, whose answers can change. */
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|::1|0:0:0:0:0:0:0:1");

  /** RFC 6265, 4.1.1. */
  private static final Pattern COOKIE = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private TokenVariables() {}

  /**
   * The settings for tokens; null without authentication.
   *
   * @param variable returns the value of a variable, null if it is not set
   * @param clockSkewSeconds how far the issuer's clock may be off
   * @throws SettingsException if a value can't be used
   */
  static @Nullable TokenSettings read(
      Function<String, @Nullable String> variable, int clockSkewSeconds) {
    String secret = secret(variable);
    URI keySet = keySet(variable);
    String issuer = variable.apply("JWT_ISSUER");
    String audience = variable.apply("JWT_AUDIENCE");
    String userClaim = variable.apply("JWT_USER_CLAIM");
    String cookie = variable.apply("JWT_COOKIE");
    if (cookie != null && !COOKIE.matcher(cookie).matches()) {
      throw new SettingsException("JWT_COOKIE: it must be the name of a cookie");
    }
    if (secret != null || keySet != null) {
      return new TokenSettings(
          secret,
          keySet,
          userClaim == null ? "sub" : userClaim,
          issuer,
          audience,
          Duration.ofSeconds(clockSkewSeconds),
          cookie);
    }
    // An operator who sets these variables expects that tokens are checked.
    for (String name : List.of("JWT_ISSUER", "JWT_AUDIENCE", "JWT_USER_CLAIM", "JWT_COOKIE")) {
      if (variable.apply(name) != null) {
        throw new SettingsException(name + ": no token can be checked without keys; " + HOW);
      }
    }
    return null;
  }

  private static @Nullable String secret(Function<String, @Nullable String> variable) {
    String betterAuth = variable.apply("BETTER_AUTH_SECRET");
    String jwt = variable.apply("JWT_SECRET");
    if (betterAuth != null && jwt != null && !betterAuth.equals(jwt)) {
      throw new SettingsException(
          "BETTER_AUTH_SECRET: it differs from JWT_SECRET; set one of them, or both alike");
    }
    requireLong("BETTER_AUTH_SECRET", betterAuth);
    requireLong("JWT_SECRET", jwt);
    return betterAuth == null ? jwt : betterAuth;
  }

  private static void requireLong(String name, @Nullable String secret) {
    if (secret != null && !TokenSettings.isLongEnough(secret)) {
      throw new SettingsException(
          "%s: it has less than %d bytes; make one by: openssl rand -hex 32"
              .formatted(name, TokenSettings.MIN_SECRET_BYTES));
    }
  }

  private static @Nullable URI keySet(Function<String, @Nullable String> variable) {
    String betterAuth = variable.apply("BETTER_AUTH_URL");
    String keySet = variable.apply("JWKS_URL");
    if (keySet != null) {
      return url("JWKS_URL", keySet);
    } else if (betterAuth == null) {
      return null;
    }
    URI base = url("BETTER_AUTH_URL", betterAuth);
    if (base.getRawQuery() != null) {
      throw new SettingsException("BETTER_AUTH_URL: it must end with its path");
    }
    String start = base.toString().replaceFirst("/+$", "");
    return URI.create(start + (start.endsWith("/api/auth") ? "/jwks" : "/api/auth/jwks"));
  }

  private static URI url(String name, String text) {
    try {
      URI url = new URI(text);
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      if ((scheme.equals("https") || scheme.equals("http"))
          && url.getHost() != null
          && url.getPort() <= 65535
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Refused below, because the exception's message would contain the value.
    }
    throw new SettingsException(
        name + ": it must be an http or https URL without user and password");
  }

  /**
   * The default address to listen on: all interfaces with authentication, otherwise only this
   * machine.
   */
  static String defaultHost(@Nullable TokenSettings tokens) {
    return tokens == null ? "127.0.0.1" : "0.0.0.0";
  }

  /**
   * Refuses a service that is open to everybody, unless a setting explicitly allows it.
   *
   * @throws SettingsException if the service would be open
   */
  static void requireClosed(@Nullable TokenSettings tokens, String host, boolean allowed) {
    if (tokens == null && !LOOPBACK.matcher(host).matches() && !allowed) {
      throw new SettingsException(
          "HOST: without authentication anyone who reaches it would read and write everybody's tasks; "
              + HOW
              + ", or ALLOW_ANYONE_TO_READ_AND_WRITE_EVERYTHING=true");
    }
  }

  /** What the operator should know before the service starts; normally nothing. */
  static List<String> warnings(@Nullable TokenSettings tokens, String host) {
    if (tokens == null) {
      return List.of(
          "NO AUTHENTICATION: whoever reaches %s can read and write everybody's tasks; to change that, %s"
              .formatted(host, HOW));
    }
    URI keySet = tokens.keySet();
    if (keySet == null) {
      return List.of();
    }
    List<String> warnings = new ArrayList<>();
    if (keySet.getScheme().equalsIgnoreCase("http")
        && !LOOPBACK.matcher(keySet.getHost().replaceAll("[\\[\\]]", "")).matches()) {
      warnings.add(
          "The keys of tokens come over plain http: who can change them on their way can be any user");
    }
    if (tokens.audience() == null) {
      warnings.add(
          "JWT_AUDIENCE is not set: a token that the issuer of these keys made for any other"
              + " application is accepted too");
    }
    return warnings;
  }
}
