package dev.taskport.adapter.rest.proxy;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses, and never asks a resolver. */
final class IpAddress {
  private IpAddress() {}

  /**
   * The address that the text is; null if it is none. An IPv4 address in IPv6 form ({@code
   * ::ffff:192.0.2.1}) is the IPv4 address.
   */
  static @Nullable InetAddress parse(String text) {
    // Netty would take the brackets of a URL and the zone of an interface along.
    if (text.indexOf('[') >= 0 || text.indexOf('%') >= 0) {
      return null;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("An address of a length that doesn't exist", e);
    }
  }
}
