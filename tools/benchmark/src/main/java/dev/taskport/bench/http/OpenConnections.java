package dev.taskport.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections of clients that are open, have had an answer, and then ask nothing. The service
 * closes them after a minute.
 */
final class OpenConnections implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;

  private final String host;
  private final List<Socket> sockets = new ArrayList<>();

  private OpenConnections(String host) {
    this.host = host;
  }

  /** Opens so many to the service at this address. */
  static OpenConnections to(String url, int number) throws IOException {
    URI address = URI.create(url);
    OpenConnections connections = new OpenConnections(address.getAuthority());
    try {
      for (int i = 0; i < number; i++) {
        Socket socket = new Socket(address.getHost(), address.getPort());
        connections.sockets.add(socket);
        socket.setSoTimeout(TIMEOUT_MS);
        connections.requireAnswer(socket);
      }
      return connections;
    } catch (IOException | RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  /** Checks that each is still open. */
  void requireAll() throws IOException {
    for (Socket socket : sockets) {
      requireAnswer(socket);
    }
  }

  private void requireAnswer(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write(("GET /health/liveness HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(US_ASCII));
    byte[] part = new byte[4096];
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("}")) {
      int read = socket.getInputStream().read(part);
      if (read < 0) {
        throw new IOException("The service has closed one of the open connections");
      }
      answer.append(new String(part, 0, read, US_ASCII));
    }
    if (!answer.toString().startsWith("HTTP/1.1 200 ")) {
      throw new IOException("An open connection is not served: " + answer);
    }
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
