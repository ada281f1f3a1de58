package dev.taskport.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends bytes (one character for each) over HTTP/1.1, also those that no client library sends, and
 * reads the answers. It connects anew after an answer that ends the connection. No read waits
 * longer than 20 seconds. Not thread-safe.
 */
final class HttpConnection implements AutoCloseable {
  private static final String EVENTS = "text/event-stream";
  private static final int TIMEOUT_MILLIS = 20_000;

  private final URI service;
  private @Nullable Socket socket;

  /** Whether the last answer was one of HTTP/1.0, which ends its connection. */
  private boolean old;

  private InputStream input = InputStream.nullInputStream();

  HttpConnection(URI service) {
    this.service = service;
  }

  /** Sends a request and reads its answer. */
  Answer exchange(String request, boolean head) throws IOException {
    if (socket == null) {
      connect();
    }
    write(request);
    Answer answer = read(head);
    if (old
        || answer.headers().getOrDefault("connection", List.of()).contains("close")
        || answer.header("Content-Type").orElse("").equals(EVENTS)) {
      close();
    }
    return answer;
  }

  /** Sends bytes on a connection of their own, then ends them, and reads all answers. */
  List<Answer> exchangeAll(String requests) throws IOException {
    close();
    connect();
    write(requests);
    List<Answer> answers = new ArrayList<>();
    try {
      if (socket != null) {
        socket.shutdownOutput();
      }
      while (hasMore()) {
        answers.add(read(false));
      }
    } catch (SocketException e) {
      // The service may end a connection while there is something to read for it.
    } finally {
      close();
    }
    return answers;
  }

  private void connect() throws IOException {
    Socket opened = new Socket(service.getHost(), service.getPort());
    opened.setSoTimeout(TIMEOUT_MILLIS);
    opened.setTcpNoDelay(true);
    socket = opened;
    input = new BufferedInputStream(opened.getInputStream());
  }

  private void write(String bytes) throws IOException {
    try {
      if (socket != null) {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      }
    } catch (SocketException e) {
      // Refused before all was sent: the answer is there to read.
    }
  }

  private boolean hasMore() throws IOException {
    input.mark(1);
    boolean more = input.read() >= 0;
    input.reset();
    return more;
  }

  private Answer read(boolean head) throws IOException {
    String status = line();
    if (!status.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new IOException("Not the begin of an answer: " + status);
    }
    old = status.startsWith("HTTP/1.0");
    Map<String, List<String>> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("No header: " + line);
      }
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), n -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    int code = Integer.parseInt(status.substring(9, 12));
    if (code < 200) {
      return read(head);
    }
    byte[] body = head || code == 204 || code == 304 ? new byte[0] : body(headers);
    if (headers.getOrDefault("content-encoding", List.of()).contains("gzip") && body.length > 0) {
      body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
    }
    return new Answer(code, headers, new String(body, UTF_8));
  }

  private byte[] body(Map<String, List<String>> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      return chunks(headers.getOrDefault("content-type", List.of()).contains(EVENTS));
    }
    List<String> lengths = headers.getOrDefault("content-length", List.of());
    return lengths.isEmpty() ? input.readAllBytes() : exactly(Integer.parseInt(lengths.get(0)));
  }

  /** All chunks; of events, those up to a comment, as they have no end. */
  private byte[] chunks(boolean events) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.write(exactly(size));
      line();
      if (events && body.toString(UTF_8).contains("\n:")) {
        return body.toByteArray();
      }
    }
    String trailer = line();
    while (!trailer.isEmpty()) {
      trailer = line();
    }
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = input.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("The answer ends after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = input.read(); c != '\n'; c = input.read()) {
      if (c < 0) {
        throw new EOFException("The connection ended within an answer, after: " + line);
      }
      line.append((char) c);
    }
    int end = line.length() - 1;
    return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
