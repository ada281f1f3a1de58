package dev.taskport.adapter.postgres.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Messages to the server: https://www.postgresql.org/docs/current/protocol-message-formats.html */
final class Wire {
  /** The server's times count from 2000-01-01, in microseconds. */
  static final long EPOCH_SECONDS = 946_684_800;

  static final long MICROS = 1_000_000;

  /** A type: its number, and that of its arrays, from the catalog pg_type. */
  private record Oids(int one, int array) {}

  private static final Map<String, Oids> TYPES =
      Map.of(
          "text", new Oids(25, 1009),
          "uuid", new Oids(2950, 2951),
          "timestamptz", new Oids(1184, 1185),
          "boolean", new Oids(16, 1000),
          "bigint", new Oids(20, 1016));

  private Wire() {}

  private static Oids oids(String type) {
    return Objects.requireNonNull(TYPES.get(type), type);
  }

  /** The SQLSTATE in an error's body, which is fields: a letter and a text each. */
  static String sqlState(ByteBuf error) {
    while (error.readableBytes() > 1) {
      byte field = error.readByte();
      int length = error.bytesBefore((byte) 0);
      String text = error.readCharSequence(length, StandardCharsets.UTF_8).toString();
      error.skipBytes(1);
      if (field == 'C') {
        return text;
      }
    }
    return "unknown";
  }

  /** Prepares a statement under a name. */
  static void parse(ByteBuf out, String name, String sql, List<String> types, boolean arrays) {
    int start = begin(out, 'P');
    text(out, name);
    StringBuilder numbered = new StringBuilder();
    int from = 0;
    for (int i = 1; i <= types.size(); i++) {
      int next = sql.indexOf('?', from);
      numbered.append(sql, from, next).append('$').append(i);
      from = next + 1;
    }
    text(out, numbered.append(sql, from, sql.length()).toString());
    out.writeShort(types.size());
    for (String type : types) {
      Oids oids = oids(type);
      out.writeInt(arrays ? oids.array() : oids.one());
    }
    end(out, start);
  }

  /** Executes a prepared statement, and ends its transaction. */
  static void execute(ByteBuf out, String name, List<String> types, List<List<Object>> operations) {
    int start = begin(out, 'B');
    text(out, ""); // the portal
    text(out, name);
    out.writeShort(1).writeShort(1); // all parameters are binary
    out.writeShort(types.size());
    for (int i = 0; i < types.size(); i++) {
      if (operations.size() == 1) {
        value(out, operations.get(0).get(i));
      } else {
        array(out, oids(types.get(i)).one(), i, operations);
      }
    }
    out.writeShort(1).writeShort(1); // and all columns
    end(out, start);
    start = begin(out, 'E');
    text(out, "");
    out.writeInt(0); // all rows
    end(out, start);
    end(out, begin(out, 'S'));
  }

  private static void array(ByteBuf out, int type, int column, List<List<Object>> operations) {
    int start = out.writerIndex();
    out.writeInt(0); // the length
    out.writeInt(1); // dimension
    out.writeInt(0); // no nulls
    out.writeInt(type);
    out.writeInt(operations.size());
    out.writeInt(1); // the first index
    for (List<Object> operation : operations) {
      value(out, operation.get(column));
    }
    out.setInt(start, out.writerIndex() - start - 4);
  }

  private static void value(ByteBuf out, Object value) {
    if (value instanceof String text) {
      int start = out.writerIndex();
      out.writeInt(0);
      int length = ByteBufUtil.writeUtf8(out, text);
      out.setInt(start, length);
    } else if (value instanceof UUID id) {
      out.writeInt(16)
          .writeLong(id.getMostSignificantBits())
          .writeLong(id.getLeastSignificantBits());
    } else if (value instanceof Long number) {
      out.writeInt(8).writeLong(number);
    } else if (value instanceof Boolean bool) {
      out.writeInt(1).writeByte(bool ? 1 : 0);
    } else if (value instanceof OffsetDateTime time) {
      long micros = (time.toEpochSecond() - EPOCH_SECONDS) * MICROS + time.getNano() / 1_000;
      out.writeInt(8).writeLong(micros);
    } else {
      throw new IllegalArgumentException("No type for " + value.getClass());
    }
  }

  private static int begin(ByteBuf out, char type) {
    out.writeByte(type);
    out.writeInt(0);
    return out.writerIndex() - 4;
  }

  private static void end(ByteBuf out, int start) {
    out.setInt(start, out.writerIndex() - start);
  }

  private static void text(ByteBuf out, String text) {
    out.writeCharSequence(text, StandardCharsets.UTF_8);
    out.writeByte(0);
  }
}
