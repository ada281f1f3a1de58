package dev.taskport.adapter.rest.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON in UTF-8 without spaces, straight into the bytes that are sent. Whoever uses it cares
 * for the nesting; it puts the commas. Not thread-safe.
 */
public final class JsonWriter {
  private static final byte[] HEX_DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  /** In bytes, of a character outside the basic plane, or of a control character's escape. */
  private static final int LONGEST = 6;

  private byte[] bytes;
  private int length;

  /**
   * @param capacity in bytes: about how long the JSON will be
   */
  public JsonWriter(int capacity) {
    bytes = new byte[Math.max(LONGEST, capacity)];
  }

  /** What was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Begins an object, as a value or as an element. */
  public void beginObject() {
    separate();
    ascii('{');
  }

  public void endObject() {
    ascii('}');
  }

  /** Begins an array, as a value or as an element. */
  public void beginArray() {
    separate();
    ascii('[');
  }

  public void endArray() {
    ascii(']');
  }

  /** A member's name; its value must follow. */
  public void name(JsonName name) {
    separate();
    literal(name.written);
  }

  /** A text; {@code null} for null. */
  public void value(@Nullable String text) {
    separate();
    if (text == null) {
      literal(NULL);
      return;
    }
    require(text.length() + 2);
    bytes[length++] = '"';
    for (int i = writePlain(text); i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        ascii(c);
      } else {
        i += special(text, i);
      }
    }
    ascii('"');
  }

  /** Writes the text up to what is no plain character, for which there is room; returns where. */
  private int writePlain(String text) {
    byte[] to = bytes;
    int start = length;
    int end = text.length();
    int i = 0;
    for (; i < end; i++) {
      char c = text.charAt(i);
      if (!isPlain(c)) {
        break;
      }
      to[start + i] = (byte) c;
    }
    length = start + i;
    return i;
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
  }

  public void value(boolean value) {
    separate();
    literal(value ? TRUE : FALSE);
  }

  /** A time, as {@link Timestamps#format} writes it. */
  public void value(Instant time) {
    separate();
    require(Timestamps.LENGTH + 2);
    bytes[length++] = '"';
    Timestamps.write(time, bytes, length);
    length += Timestamps.LENGTH;
    bytes[length++] = '"';
  }

  /** A comma, unless this is the first member or element, or the value of a name. */
  private void separate() {
    if (length > 0) {
      byte last = bytes[length - 1];
      if (last != '{' && last != '[' && last != ':') {
        ascii(',');
      }
    }
  }

  private void literal(byte[] ascii) {
    require(ascii.length);
    System.arraycopy(ascii, 0, bytes, length, ascii.length);
    length += ascii.length;
  }

  private void ascii(char c) {
    require(1);
    bytes[length++] = (byte) c;
  }

  /** Writes what is escaped or not ASCII; returns how many more characters it has taken. */
  private int special(String text, int index) {
    require(LONGEST);
    char c = text.charAt(index);
    switch (c) {
      case '"', '\\' -> escape(c);
      case '\b' -> escape('b');
      case '\t' -> escape('t');
      case '\n' -> escape('n');
      case '\f' -> escape('f');
      case '\r' -> escape('r');
      default -> {
        if (c < ' ') {
          escape('u');
          bytes[length++] = '0';
          bytes[length++] = '0';
          bytes[length++] = HEX_DIGITS[c >> 4];
          bytes[length++] = HEX_DIGITS[c & 0xF];
        } else {
          int codePoint = text.codePointAt(index);
          utf8(Character.isSurrogate((char) codePoint) && codePoint <= 0xFFFF ? '?' : codePoint);
          return Character.charCount(codePoint) - 1;
        }
      }
    }
    return 0;
  }

  private void escape(char c) {
    bytes[length++] = '\\';
    bytes[length++] = (byte) c;
  }

  private void utf8(int codePoint) {
    if (codePoint < 0x80) {
      bytes[length++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      bytes[length++] = (byte) (0xC0 | codePoint >> 6);
      continuation(codePoint);
    } else if (codePoint < 0x10000) {
      bytes[length++] = (byte) (0xE0 | codePoint >> 12);
      continuation(codePoint >> 6);
      continuation(codePoint);
    } else {
      bytes[length++] = (byte) (0xF0 | codePoint >> 18);
      continuation(codePoint >> 12);
      continuation(codePoint >> 6);
      continuation(codePoint);
    }
  }

  private void continuation(int bits) {
    bytes[length++] = (byte) (0x80 | (bits & 0x3F));
  }

  private void require(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
