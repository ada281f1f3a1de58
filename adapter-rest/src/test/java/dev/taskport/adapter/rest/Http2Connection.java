package dev.taskport.adapter.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2 that sends what no client would send, frame by frame. No read waits longer
 * than ten seconds. Not thread-safe.
 */
public final class Http2Connection implements AutoCloseable {
  public static final int END_STREAM = 0x1;
  public static final int END_HEADERS = 0x4;
  public static final int ACK = 0x1;
  public static final int CANCEL = 0x8;

  /** The setting of how much of the answers' headers the service may refer to later. */
  public static final short HEADER_TABLE_SIZE = 1;

  /** The setting of how much of an answer may come before the client grants more. */
  private static final short INITIAL_WINDOW = 4;

  private final SSLSocket socket;
  private final DataOutputStream out;
  private final DataInputStream in;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  /**
   * A frame that came.
   *
   * @param payload one character for each byte
   * @param headers those of an answer
   */
  public record Frame(
      int type, int flags, int stream, String payload, Map<String, String> headers) {
    public boolean ends() {
      return (flags & END_STREAM) != 0
          && (type == Http2FrameTypes.DATA || type == Http2FrameTypes.HEADERS);
    }

    /** The error of a reset, or of the end of the connection. */
    public int error() {
      return ByteBuffer.wrap(bytes()).getInt(type == Http2FrameTypes.GO_AWAY ? 4 : 0);
    }

    /** The last stream that the end of the connection lets be answered. */
    public int lastStream() {
      return ByteBuffer.wrap(bytes()).getInt();
    }

    public byte[] bytes() {
      return payload.getBytes(ISO_8859_1);
    }
  }

  /**
   * An answer.
   *
   * @param reset the error that ended it; -1 if it is complete
   */
  public record Answer(Map<String, String> headers, String body, int reset) {
    public int status() {
      return Integer.parseInt(headers.getOrDefault(":status", "0"));
    }
  }

  private Http2Connection(SSLSocket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** A connection whose client takes answers at once. */
  public static Http2Connection open(TestService service, TestTls tls) throws IOException {
    return open(service, tls, 1 << 20);
  }

  /**
   * A connection whose client grants little.
   *
   * @param window in bytes: how much of each answer may come
   */
  public static Http2Connection open(TestService service, TestTls tls, int window)
      throws IOException {
    Http2Connection connection = silent(service, tls);
    connection.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    connection.setting(INITIAL_WINDOW, window);
    connection.grant(0, 1 << 24);
    return connection;
  }

  /** A connection that has said nothing yet. */
  public static Http2Connection silent(TestService service, TestTls tls) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            tls.client()
                .getSocketFactory()
                .createSocket(service.uri("").getHost(), service.uri("").getPort());
    socket.setSoTimeout(10_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    assertEquals("h2", socket.getApplicationProtocol());
    return new Http2Connection(socket);
  }

  public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.write(
        ByteBuffer.allocate(9 + payload.length)
            .put((byte) (payload.length >> 16))
            .putShort((short) payload.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .put(payload)
            .array());
    out.flush();
  }

  /** Sends bytes that need not be frames. */
  public void bytes(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Allows the service more, or less. */
  public void setting(short name, int value) throws IOException {
    if (name == HEADER_TABLE_SIZE) {
      try {
        decoder.maxHeaderTableSize(value);
      } catch (Http2Exception e) {
        throw new AssertionError(e);
      }
    }
    frame(
        Http2FrameTypes.SETTINGS,
        0,
        0,
        ByteBuffer.allocate(6).putShort(name).putInt(value).array());
  }

  public void grant(int stream, int bytes) throws IOException {
    frame(Http2FrameTypes.WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
  }

  public void reset(int stream) throws IOException {
    frame(Http2FrameTypes.RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(CANCEL).array());
  }

  public void data(int stream, String text, boolean end) throws IOException {
    frame(Http2FrameTypes.DATA, end ? END_STREAM : 0, stream, text.getBytes(UTF_8));
  }

  /** Headers, names and values in turn. */
  public void headers(int stream, boolean end, String... fields) throws IOException {
    frame(Http2FrameTypes.HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
  }

  /** A request without a body. */
  public void request(int stream, String method, String path, String... fields) throws IOException {
    headers(stream, true, request(method, path, fields));
  }

  /** The headers of a request for this machine. */
  public static String[] request(String method, String path, String... fields) {
    String[] all = new String[8 + fields.length];
    String[] first = {
      ":method", method, ":scheme", "https", ":path", path, ":authority", "localhost"
    };
    System.arraycopy(first, 0, all, 0, 8);
    System.arraycopy(fields, 0, all, 8, fields.length);
    return all;
  }

  /** A list of headers as literals (RFC 7541, 6.2.2). */
  public static byte[] block(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      block.write(0);
      literal(block, fields[i]);
      literal(block, fields[i + 1]);
    }
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /** The next frame; null when the connection has ended. */
  public @Nullable Frame read() throws IOException {
    try {
      int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = in.readNBytes(length);
      boolean headers = type == Http2FrameTypes.HEADERS; // all of them, or the table would be wrong
      return new Frame(
          type,
          flags,
          stream,
          new String(payload, ISO_8859_1),
          headers ? decode(stream, payload) : Map.of());
    } catch (EOFException | SocketException e) {
      return null;
    }
  }

  /** The next frame of this type; fails when the connection ends before. */
  public Frame await(int type) throws IOException {
    for (Frame frame = read(); frame != null; frame = read()) {
      if (frame.type() == type) {
        return frame;
      }
    }
    throw new AssertionError("The connection has ended");
  }

  /** The rest of the connection, whose last error this gives; 0 if there is none. */
  public int awaitEnd() throws IOException {
    int error = 0;
    for (Frame frame = read(); frame != null; frame = read()) {
      if (frame.type() == Http2FrameTypes.GO_AWAY) {
        error = frame.error();
      }
    }
    return error;
  }

  /** Reads the answer of this stream, and drops what comes for others. */
  public Answer answer(int stream) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Frame frame = read(); frame != null; frame = read()) {
      if (frame.stream() != stream) {
        continue;
      }
      headers.putAll(frame.headers());
      if (frame.type() == Http2FrameTypes.DATA) {
        body.writeBytes(frame.bytes());
      }
      if (frame.type() == Http2FrameTypes.RST_STREAM) {
        return new Answer(headers, body.toString(UTF_8), frame.error());
      }
      if (frame.ends()) {
        return new Answer(headers, body.toString(UTF_8), -1);
      }
    }
    throw new AssertionError("The connection has ended");
  }

  private Map<String, String> decode(int stream, byte[] payload) {
    Map<String, String> headers = new TreeMap<>();
    try {
      decoder
          .decodeHeaders(stream, Unpooled.wrappedBuffer(payload))
          .forEach(field -> headers.put(field.getKey().toString(), field.getValue().toString()));
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
    return headers;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
