package dev.taskport.adapter.rest.query;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a client keeps and sends back, as text: base64url of a version, a checksum and the
 * bytes.
 *
 * <p>The checksum binds the text to what it was made for, such as a user and a filter, so that it
 * is refused for anything else. It protects no secret: whoever forges a text gets no further than
 * with their own requests.
 */
public final class OpaqueText {
  private static final int CHECKSUM_LENGTH = 10;
  private static final int BYTES_AT = 1 + CHECKSUM_LENGTH;

  private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");

  private OpaqueText() {}

  /**
   * Encodes the bytes.
   *
   * @param version of their format
   * @param boundTo what the text is made for
   */
  public static String of(byte version, byte[] bytes, List<? extends @Nullable Object> boundTo) {
    ByteBuffer all = ByteBuffer.allocate(BYTES_AT + bytes.length).put(version);
    all.put(BYTES_AT, bytes);
    all.put(1, checksum(all.array(), boundTo));
    return base64Url(all.array());
  }

  /** The bytes of a text that {@link #of} made for the same; null for any other text. */
  public static @Nullable ByteBuffer read(
      String text, byte version, List<? extends @Nullable Object> boundTo) {
    if (text.length() % 4 == 1 || !BASE64URL.matcher(text).matches()) {
      return null;
    }
    byte[] all = Base64.getUrlDecoder().decode(text);
    // The last character has unused bits. Refuse a second spelling of the same bytes.
    boolean ours =
        base64Url(all).equals(text)
            && all.length >= BYTES_AT
            && all[0] == version
            && Arrays.equals(all, 1, BYTES_AT, checksum(all, boundTo), 0, CHECKSUM_LENGTH);
    return ours ? ByteBuffer.wrap(all, BYTES_AT, all.length - BYTES_AT).slice() : null;
  }

  /** A short text that differs for different values: their order and number count. */
  public static String fingerprint(List<? extends @Nullable Object> values) {
    MessageDigest digest = sha256();
    update(digest, values);
    return base64Url(Arrays.copyOf(digest.digest(), CHECKSUM_LENGTH));
  }

  private static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] checksum(byte[] all, List<? extends @Nullable Object> boundTo) {
    MessageDigest digest = sha256();
    digest.update(all, 0, 1);
    digest.update(all, BYTES_AT, all.length - BYTES_AT);
    update(digest, boundTo);
    return Arrays.copyOf(digest.digest(), CHECKSUM_LENGTH);
  }

  /** Adds the length of each value, so that different values never give the same bytes. */
  private static void update(MessageDigest digest, List<? extends @Nullable Object> values) {
    for (Object value : values) {
      byte[] text = value == null ? null : value.toString().getBytes(StandardCharsets.UTF_8);
      digest.update(
          ByteBuffer.allocate(Integer.BYTES).putInt(text == null ? -1 : text.length).flip());
      if (text != null) {
        digest.update(text);
      }
    }
  }

  /** A look-up costs less than an instance per thread. */
  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
