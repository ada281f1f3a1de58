package dev.taskport.adapter.rest.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.taskport.adapter.rest.TestService;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Tokens and key sets, good and forged, made by the JDK alone. */
public final class TestTokens {
  /** Long enough for the algorithms that are none of ours, too. */
  public static final String SECRET =
      "a-secret-of-64-bytes-and-more-so-that-it-would-do-for-HS384-and-HS512";

  public static final String HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

  private TestTokens() {}

  public static TokenSettings settings() {
    return new TokenSettings(SECRET, null, "sub", null, null, Duration.ofSeconds(30));
  }

  /** The claims of a token that is good for an hour of the service's time. */
  public static String claims(String user) {
    return "{\"sub\":" + quote(user) + ",\"exp\":" + seconds(3600) + "}";
  }

  /** Seconds since 1970, this long after the service's time. */
  public static long seconds(long later) {
    return TestService.NOW.getEpochSecond() + later;
  }

  public static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** A good token by the shared secret. */
  public static String of(String user) {
    return hs256(HS256, claims(user));
  }

  public static String hs256(String header, String claims) {
    return hmac("HmacSHA256", SECRET.getBytes(UTF_8), header, claims);
  }

  public static String hmac(String algorithm, byte[] key, String header, String claims) {
    String input = base64(header) + '.' + base64(claims);
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return input + '.' + base64(mac.doFinal(input.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A token by a private key; its algorithm is that of the header. */
  public static String signed(PrivateKey key, String header, String claims) {
    String input = base64(header) + '.' + base64(claims);
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSAinP1363Format";
          default -> "Ed25519";
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(input.getBytes(UTF_8));
      return input + '.' + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public static String header(String algorithm, @Nullable String key) {
    return "{\"alg\":\"" + algorithm + '"' + (key == null ? "" : ",\"kid\":" + quote(key)) + "}";
  }

  public static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public static KeyPair p256() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public static KeyPair ed25519() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A public key as a member of a key set; {@code more} are members of it such as its kid. */
  public static String jwk(PublicKey key, String more) {
    String members;
    if (key instanceof RSAPublicKey rsa) {
      members =
          "\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\""
              .formatted(unsigned(rsa.getModulus(), 0), unsigned(rsa.getPublicExponent(), 0));
    } else if (key instanceof ECPublicKey ec) {
      members =
          "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\""
              .formatted(
                  unsigned(ec.getW().getAffineX(), 32), unsigned(ec.getW().getAffineY(), 32));
    } else {
      byte[] encoded = key.getEncoded();
      members =
          "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\""
              .formatted(base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
    }
    return '{' + members + (more.isEmpty() ? "" : "," + more) + '}';
  }

  public static String keySet(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  public static String base64(String text) {
    return base64(text.getBytes(UTF_8));
  }

  public static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String unsigned(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    int start = bytes[0] == 0 ? 1 : 0;
    byte[] padded = new byte[Math.max(length, bytes.length - start)];
    System.arraycopy(
        bytes, start, padded, padded.length - (bytes.length - start), bytes.length - start);
    return base64(padded);
  }
}
