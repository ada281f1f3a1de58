package dev.taskport.adapter.rest.proxy;

import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.Principal;

/**
 * Tells whose a request is, for what one caller may take of what all share. Thread-safe.
 *
 * <p>To be asked after the access filter (order 39,000): before it, nobody has checked who calls.
 */
@Singleton
public final class Callers {
  private final Forwarding forwarding;

  Callers(Forwarding forwarding) {
    this.forwarding = forwarding;
  }

  /**
   * Who sent a request: the token's user or, without authentication, the address of the client.
   *
   * @return equal for requests of the same caller
   */
  public Object of(HttpRequest<?> request) {
    Principal user = request.getUserPrincipal().orElse(null);
    return user == null ? network(forwarding.client(request)) : user.getName();
  }

  /** An IPv6 client has a network of 64 bits to itself, at the least, and all of its addresses. */
  private static Object network(InetAddress address) {
    return address instanceof Inet6Address
        ? (Object) ByteBuffer.wrap(address.getAddress()).getLong()
        : address;
  }
}
