package dev.taskport.adapter.postgres.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row as the server sent it, in the binary format: the message DataRow of PostgreSQL's protocol.
 * Columns count from 1. Valid until the next row comes. Not thread-safe.
 */
public final class WireRow {
  private ByteBuf message = Unpooled.EMPTY_BUFFER;
  private int[] starts = new int[16];
  private int[] lengths = new int[16];
  private int columns;

  WireRow() {}

  /** Takes the body of the next message. */
  void read(ByteBuf body) {
    message = body;
    columns = body.readUnsignedShort();
    if (columns > starts.length) {
      starts = new int[columns];
      lengths = new int[columns];
    }
    int next = body.readerIndex();
    for (int i = 0; i < columns; i++) {
      lengths[i] = body.getInt(next);
      next += Integer.BYTES;
      starts[i] = next;
      next += Math.max(0, lengths[i]);
    }
  }

  /** The place of the row's operation, from 0 on; the last column counts from 1. */
  public int place() {
    return Math.toIntExact(number(columns)) - 1;
  }

  /** Whether the column is null. */
  public boolean isNull(int column) {
    return lengths[column - 1] < 0;
  }

  /** A text; the column is not null. */
  public String text(int column) {
    return message.toString(starts[column - 1], lengths[column - 1], StandardCharsets.UTF_8);
  }

  /** A text, or null. */
  public @Nullable String textOrNull(int column) {
    return isNull(column) ? null : text(column);
  }

  /** The bytes of a bytea, or null. */
  public byte @Nullable [] bytesOrNull(int column) {
    if (isNull(column)) {
      return null;
    }
    byte[] bytes = new byte[lengths[column - 1]];
    message.getBytes(starts[column - 1], bytes);
    return bytes;
  }

  /** A UUID; the column is not null. */
  public UUID uuid(int column) {
    int start = starts[column - 1];
    return new UUID(message.getLong(start), message.getLong(start + 8));
  }

  /** A boolean; the column is not null. */
  public boolean bool(int column) {
    return message.getByte(starts[column - 1]) != 0;
  }

  /** A bigint; the column is not null. */
  public long number(int column) {
    return message.getLong(starts[column - 1]);
  }

  /** A timestamptz; the column is neither null nor infinite. */
  public Instant time(int column) {
    long micros = number(column);
    return Instant.ofEpochSecond(
        Wire.EPOCH_SECONDS + Math.floorDiv(micros, Wire.MICROS),
        Math.floorMod(micros, Wire.MICROS) * 1_000);
  }
}
