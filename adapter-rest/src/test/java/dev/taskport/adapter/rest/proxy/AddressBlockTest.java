package dev.taskport.adapter.rest.proxy;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "192.0.2.1, ::ffff:192.0.2.1, true",
    "::ffff:192.0.2.1, 192.0.2.1, true",
    "::ffff:10.0.0.0/104, 10.255.0.1, true",
    "10.0.0.0/8, 10.255.255.255, true",
    "10.9.8.7/8, 10.1.1.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "172.16.0.0/12, 172.31.255.255, true",
    "172.16.0.0/12, 172.32.0.0, false",
    "192.0.2.128/25, 192.0.2.128, true",
    "192.0.2.128/25, 192.0.2.127, false",
    "192.0.2.254/31, 192.0.2.255, true",
    "0.0.0.0/0, 203.0.113.7, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 203.0.113.7, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::1, ::1, true",
    "::1/128, ::2, false"
  })
  void itHoldsTheAddressesThatBeginLikeIt(String block, String address, boolean inside) {
    assertEquals(
        inside,
        requireNonNull(AddressBlock.parse(block))
            .contains(requireNonNull(IpAddress.parse(address))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "proxy",
        "localhost",
        "10.0.0",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "10.0.0.0/0008",
        "10.0.0.0/+8",
        "10.0.0.0/8 ",
        "256.0.0.1",
        "::1/129",
        "::ffff:10.0.0.0/95",
        "[::1]",
        "fe80::1%eth0",
        "*",
        "10.0.0.0-10.0.0.9"
      })
  void anythingElseIsNone(String text) {
    assertNull(AddressBlock.parse(text));
  }
}
