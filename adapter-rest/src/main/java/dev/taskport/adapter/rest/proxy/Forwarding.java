package dev.taskport.adapter.rest.proxy;

import io.micronaut.context.annotation.Property;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a request that came through proxies, or that is for a path below the base path, the one
 * that the client would have sent to the service itself. Headers about the client count only if a
 * trusted proxy sent them. Thread-safe.
 */
@Singleton
public final class Forwarding {
  /**
   * Headers of ours, which carry what a trusted proxy said to those who ask below. A client's own
   * are removed.
   */
  private static final String CLIENT = "taskport-client";

  private static final String PREFIX = "taskport-prefix";

  private final List<AddressBlock> trusted;
  private final String basePath;

  Forwarding(
      @Property(name = "taskport.proxy.trusted", defaultValue = "") List<String> trusted,
      @Property(name = "taskport.proxy.base-path", defaultValue = "") String basePath) {
    this.trusted =
        trusted.stream()
            .filter(block -> !block.isEmpty()) // the default
            .map(block -> Objects.requireNonNull(AddressBlock.parse(block)))
            .toList();
    this.basePath = Objects.requireNonNull(BasePath.normalize(basePath));
  }

  /**
   * Rewrites a request as it came from the connection: its target loses the base path, unless a
   * trusted proxy says that it has taken away a prefix, and its {@code Host} becomes the one that
   * the client sent. Must come before anything that looks at either.
   *
   * @param peer who sent it over the connection
   */
  public void apply(HttpRequest request, @Nullable SocketAddress peer) {
    boolean stripped = false;
    if (!trusted.isEmpty()) {
      HttpHeaders headers = request.headers();
      headers.remove(CLIENT).remove(PREFIX);
      if (peer instanceof InetSocketAddress socket && isTrusted(socket.getAddress())) {
        Forwarded said = Forwarded.read(headers, this::isTrusted);
        if (said != null) {
          believe(said, headers);
          stripped = said.prefix() != null;
        }
      }
    }
    if (!basePath.isEmpty() && !stripped) {
      request.setUri(BasePath.strip(basePath, request.uri()));
    }
  }

  private static void believe(Forwarded said, HttpHeaders headers) {
    if (said.client() != null) {
      headers.set(CLIENT, said.client().getHostAddress());
    }
    if (said.prefix() != null) {
      headers.set(PREFIX, said.prefix());
    }
    // Several or none are refused as they are.
    if (said.host() != null && headers.getAll(HttpHeaderNames.HOST).size() == 1) {
      headers.set(HttpHeaderNames.HOST, said.host());
    }
  }

  private boolean isTrusted(InetAddress address) {
    for (AddressBlock block : trusted) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** Who sent the request to the service or, if it is trusted, to the proxy in front of it. */
  public InetAddress client(io.micronaut.http.HttpRequest<?> request) {
    String said = trusted.isEmpty() ? null : request.getHeaders().get(CLIENT);
    InetAddress client = said == null ? null : IpAddress.parse(said);
    return client == null ? request.getRemoteAddress().getAddress() : client;
  }

  /**
   * What links must have before the service's own paths: the base path, unless a trusted proxy said
   * otherwise.
   *
   * @return empty, or a path without a slash at its end
   */
  public String prefix(io.micronaut.http.HttpRequest<?> request) {
    String said = trusted.isEmpty() ? null : request.getHeaders().get(PREFIX);
    return said == null ? basePath : said;
  }
}
