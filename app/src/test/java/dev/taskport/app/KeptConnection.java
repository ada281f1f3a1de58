package dev.taskport.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that keeps its connection, and notices each request that is not answered. */
final class KeptConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream answers;
  private boolean last;

  KeptConnection(URI service) throws IOException {
    socket = new Socket(service.getHost(), service.getPort());
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    answers = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Sends a request without a body and reads the whole answer.
   *
   * @return the status; 0 if the connection ended before the answer
   */
  int send(String method, String path) {
    String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String status = line();
      if (status.isEmpty()) {
        return 0;
      }
      int length = 0;
      for (String line = line(); !line.isEmpty(); line = line()) {
        String header = line.toLowerCase(Locale.ROOT);
        if (header.startsWith("content-length: ")) {
          length = Integer.parseInt(header.substring("content-length: ".length()));
        }
        last |= header.equals("connection: close");
      }
      return answers.readNBytes(length).length == length
          ? Integer.parseInt(status.substring(9, 12))
          : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Whether the service has announced that it closes this connection. */
  boolean isLast() {
    return last;
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
