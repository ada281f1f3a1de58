package dev.taskport.adapter.rest.proxy;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A block of IP addresses (CIDR, RFC 4632 and RFC 4291), or a single one. Immutable. */
public final class AddressBlock {
  private final byte[] start;
  private final int bits;

  private AddressBlock(byte[] start, int bits) {
    this.start = start;
    this.bits = bits;
  }

  /**
   * Reads an address, such as {@code 192.0.2.1}, or a block, such as {@code 10.0.0.0/8} or {@code
   * 2001:db8::/32}. Bits of the address behind the length don't matter.
   *
   * @return null if the text is neither
   */
  public static @Nullable AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    InetAddress start = IpAddress.parse(address);
    if (start == null) {
      return null;
    }
    byte[] bytes = start.getAddress();
    int most = bytes.length * 8;
    if (slash < 0) {
      return new AddressBlock(bytes, most);
    }
    int bits = number(text.substring(slash + 1));
    if (bytes.length == 4 && address.indexOf(':') >= 0) {
      bits -= 96; // an IPv4 address in IPv6 form
    }
    return bits < 0 || bits > most ? null : new AddressBlock(bytes, bits);
  }

  /** One to three digits; -1 for anything else. */
  private static int number(String text) {
    if (text.isEmpty() || text.length() > 3) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number;
  }

  /** Whether the address is in the block. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != start.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (bytes[i] != start[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || ((bytes[whole] ^ start[whole]) & 0xFF) >> (8 - rest) == 0;
  }
}
