package dev.taskport.adapter.postgres.pipeline;

import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.SocketFactory;

/**
 * Gives the driver the sockets of a login. The driver makes a factory by the class's name and a
 * text: the key under which {@link #register} was told where they come from.
 */
public final class ChannelSocketFactory extends SocketFactory {
  private static final Map<String, Supplier<? extends Socket>> LOGINS = new ConcurrentHashMap<>();

  private final Supplier<? extends Socket> sockets;

  /** For the driver. */
  public ChannelSocketFactory(String key) {
    sockets = Objects.requireNonNull(LOGINS.get(key), "There is no such login");
  }

  static void register(String key, Supplier<? extends Socket> sockets) {
    LOGINS.put(key, sockets);
  }

  static void forget(String key) {
    LOGINS.remove(key);
  }

  @Override
  public Socket createSocket() {
    return sockets.get();
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("The driver connects by itself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException("The driver connects by itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("The driver connects by itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException("The driver connects by itself");
  }
}
