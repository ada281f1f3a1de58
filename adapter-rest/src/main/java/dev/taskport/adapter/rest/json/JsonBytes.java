package dev.taskport.adapter.rest.json;

/**
 * A body in JSON that is written already.
 *
 * @param bytes not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record JsonBytes(byte[] bytes) {
  /** What the writer has written so far. */
  public static JsonBytes of(JsonWriter writer) {
    return new JsonBytes(writer.toByteArray());
  }
}
