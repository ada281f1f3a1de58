package dev.taskport.adapter.postgres.pipeline;

import dev.taskport.adapter.postgres.database.Statements.ArrayOf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

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
          "bigint", new Oids(20, 1016),
          "bytea", new Oids(17, 1001));

  private static final String ARRAY = "[]";

  /** Instead of a length. */
  private static final int NULL = -1;

  private Wire() {}

  private static Oids oids(String type) {
    return Objects.requireNonNull(TYPES.get(type), type);
  }

  /** The number of a type, or of an array such as {@code text[]}. */
  private static int oid(String type) {
    return type.endsWith(ARRAY)
        ? oids(type.substring(0, type.length() - ARRAY.length())).array()
        : oids(type).one();
  }

  /** What an error or a notice says: fields, each of which is a letter and a text. */
  static ServerErrorMessage words(ByteBuf body) {
    return new ServerErrorMessage(body.toString(StandardCharsets.UTF_8));
  }

  /** Prepares a statement under a name. */
  static void parse(ByteBuf out, String name, String sql, List<String> types) {
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
      out.writeInt(oid(type));
    }
    end(out, start);
  }

  /** Executes a prepared statement, and ends its transaction. */
  static void execute(ByteBuf out, String name, List<? extends @Nullable Object> arguments) {
    int start = begin(out, 'B');
    text(out, ""); // the portal
    text(out, name);
    out.writeShort(1).writeShort(1); // all parameters are binary
    out.writeShort(arguments.size());
    for (Object argument : arguments) {
      if (argument instanceof ArrayOf array) {
        array(out, oids(array.type()).one(), array.elements());
      } else {
        value(out, argument);
      }
    }
    out.writeShort(1).writeShort(1); // and all columns
    end(out, start);
    start = begin(out, 'E');
    text(out, "");
    out.writeInt(0); // all rows
    end(out, start);
    sync(out);
  }

  /** Ends a transaction, and has the server say that it is ready. */
  static void sync(ByteBuf out) {
    end(out, begin(out, 'S'));
  }

  private static void array(ByteBuf out, int type, List<? extends @Nullable Object> elements) {
    int start = out.writerIndex();
    out.writeInt(0); // the length
    out.writeInt(1); // dimension
    out.writeInt(elements.stream().anyMatch(Objects::isNull) ? 1 : 0); // whether there are nulls
    out.writeInt(type);
    out.writeInt(elements.size());
    out.writeInt(1); // the first index
    for (Object element : elements) {
      value(out, element);
    }
    out.setInt(start, out.writerIndex() - start - 4);
  }

  private static void value(ByteBuf out, @Nullable Object value) {
    if (value == null) {
      out.writeInt(NULL);
    } else if (value instanceof String text) {
      int start = out.writerIndex();
      out.writeInt(0);
      int length = ByteBufUtil.writeUtf8(out, text);
      out.setInt(start, length);
    } else if (value instanceof UUID id) {
      out.writeInt(16)
          .writeLong(id.getMostSignificantBits())
          .writeLong(id.getLeastSignificantBits());
    } else if (value instanceof byte[] bytes) {
      out.writeInt(bytes.length).writeBytes(bytes);
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
