package dev.taskport.adapter.rest.json;

import java.nio.charset.StandardCharsets;

/** A member's name as it is written, which is made once. */
public final class JsonName {
  /** With its quotes and the colon. */
  final byte[] written;

  /**
   * @param name in ASCII, without characters that JSON escapes
   */
  public JsonName(String name) {
    written = ('"' + name + "\":").getBytes(StandardCharsets.US_ASCII);
  }
}
