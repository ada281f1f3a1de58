package dev.taskport.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client that keeps its connection, and notices each request that is not answered. */
final class KeptConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream answers;
  private long lastUse = System.nanoTime();
  private boolean last;

  /** An answer; the status is 0 if the connection ended before the end of the answer. */
  record Answer(int status, String head, String body) {}

  /** Throws an exception if nobody listens there. */
  KeptConnection(URI service) throws IOException {
    socket = new Socket(service.getHost(), service.getPort());
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    answers = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a request without a body, and gives the status. */
  int send(String method, String path) {
    return send(method, path, null).status();
  }

  /** Sends a request, the body as JSON, and reads the whole answer. */
  Answer send(String method, String path, @Nullable String body, String... headers) {
    StringBuilder request = new StringBuilder();
    request.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (int i = 0; i < headers.length; i += 2) {
      request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    if (body != null) {
      request.append("Content-Type: application/json\r\nContent-Length: ").append(body.length());
      request.append("\r\n");
    }
    request.append("\r\n").append(body == null ? "" : body);
    try {
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
      StringBuilder head = new StringBuilder();
      for (String line = line(); !line.isEmpty(); line = line()) {
        head.append(line).append('\n');
      }
      String fields = head.toString().toLowerCase(Locale.ROOT);
      last |= fields.contains("\nconnection: close\n");
      int length = length(fields);
      byte[] content = answers.readNBytes(length);
      lastUse = System.nanoTime();
      return head.isEmpty() || content.length < length
          ? new Answer(0, "", "")
          : new Answer(
              Integer.parseInt(head.substring(9, 12)),
              head.toString(),
              new String(content, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return new Answer(0, "", "");
    }
  }

  private static int length(String fields) {
    int start = fields.indexOf("\ncontent-length: ");
    return start < 0
        ? 0
        : Integer.parseInt(fields.substring(start + 17, fields.indexOf('\n', start + 1)));
  }

  /** Whether the service has announced that it closes this connection. */
  boolean isLast() {
    return last;
  }

  /** Whether it was not used for so long that the service may be about to close it. */
  boolean isStale() {
    return System.nanoTime() - lastUse > TimeUnit.MILLISECONDS.toNanos(800);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = answers.read(); c >= 0 && c != '\n'; c = answers.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
