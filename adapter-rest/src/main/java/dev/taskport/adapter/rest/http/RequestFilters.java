package dev.taskport.adapter.rest.http;

import dev.taskport.adapter.rest.RequestId;
import dev.taskport.adapter.rest.problem.Problems;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpHeaders;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters for every request and answer. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestFilters {
  private static final Pattern ABSOLUTE =
      Pattern.compile("https?://([^/?#]*)", Pattern.CASE_INSENSITIVE);

  private static final Pattern HEALTH = Pattern.compile("/health/?");

  private static final AsciiString VARY = AsciiString.cached(HttpHeaders.VARY);

  private static final AsciiString VARY_IF_NOT_COMPRESSIBLE =
      AsciiString.cached(HttpHeaders.ORIGIN);

  private static final AsciiString VARY_IF_COMPRESSIBLE =
      AsciiString.cached(HttpHeaders.ORIGIN + ", " + HttpHeaders.ACCEPT_ENCODING);

  private static final int EARLY = 9_300;

  /**
   * After the access filter (order 39,000): a client without access learns nothing about bodies.
   */
  private static final int AFTER_SECURITY = 39_300;

  private final Problems problems;
  private final AllowedHosts allowedHosts;

  RequestFilters(Problems problems, AllowedHosts allowedHosts) {
    this.problems = problems;
    this.allowedHosts = allowedHosts;
  }

  /**
   * Refuses requests that the HTTP library accepts but that different programs may read
   * differently.
   */
  @RequestFilter
  @Order(EARLY)
  @Nullable HttpResponse<?> refuseAmbiguous(HttpRequest<?> request) {
    List<String> hosts = request.getHeaders().getAll(HttpHeaderNames.HOST);
    if (hosts.size() != 1 && !isExempt(request)) {
      return problems.answer(
          request, HttpStatus.BAD_REQUEST, "The request must have a valid target and one Host");
    }
    hosts = withHostOfTarget(hosts, request);
    boolean known = true;
    for (String host : hosts) {
      known &= allowedHosts.validAndAllowed(host);
    }
    if (!known && !hosts.stream().allMatch(AllowedHosts::isValid)) {
      return problems.answer(
          request, HttpStatus.BAD_REQUEST, "The Host of the request is not a valid one");
    }
    if (!known && !isHealth(request)) {
      return problems.answer(
          request,
          HttpStatus.MISDIRECTED_REQUEST,
          "The request is for another host than this service; its setting ALLOWED_HOSTS lists the"
              + " names it goes by");
    }
    if (!isUtf8(request)) {
      return problems.answer(request, HttpStatus.BAD_REQUEST, "The path is not valid UTF-8");
    }
    return null;
  }

  @RequestFilter
  @Order(AFTER_SECURITY)
  @Nullable HttpResponse<?> refuseContentCoding(HttpRequest<?> request) {
    if (!request.getHeaders().contains(HttpHeaderNames.CONTENT_ENCODING)
        || !hasContentCoding(request)) {
      return null;
    }
    return problems
        .answer(
            request, HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body without a content encoding")
        .header(HttpHeaders.ACCEPT_ENCODING, "identity");
  }

  @ResponseFilter
  void complete(HttpRequest<?> request, MutableHttpResponse<?> response) {
    MutableHttpHeaders headers = response.getHeaders();
    headers.set(RequestId.HEADER, RequestId.of(request));
    headers.set(VARY, vary(headers));
    if (response.code() >= 400 && request.getHeaders().contains(HttpHeaders.EXPECT)) {
      // The client may or may not send the announced body.
      headers.set(HttpHeaders.CONNECTION, "close");
    }
  }

  /**
   * A cache must not serve one origin's answer to a different origin, nor a compressed answer to a
   * client that doesn't accept it.
   */
  private static CharSequence vary(HttpHeaders headers) {
    boolean compressible = !EntityTag.isStrong(headers.get(HttpHeaderNames.ETAG));
    if (!headers.contains(VARY)) {
      return compressible ? VARY_IF_COMPRESSIBLE : VARY_IF_NOT_COMPRESSIBLE;
    }
    Set<String> names = new LinkedHashSet<>(headers.getAll(VARY));
    names.add(HttpHeaders.ORIGIN);
    if (compressible) {
      names.add(HttpHeaders.ACCEPT_ENCODING);
    }
    return String.join(", ", names);
  }

  /** RFC 9112, 3.2. HTTP/1.0 needs no Host, and undecodable requests are refused elsewhere. */
  private static boolean isExempt(HttpRequest<?> request) {
    return request instanceof NettyHttpRequest<?> netty
        && (!netty.getNativeRequest().protocolVersion().equals(HttpVersion.HTTP_1_1)
            || netty.getNativeRequest().decoderResult().isFailure());
  }

  /** The {@code Host}, and the one in the target if it is absolute. */
  private static List<String> withHostOfTarget(List<String> sent, HttpRequest<?> request) {
    List<String> hosts = sent;
    if (request instanceof NettyHttpRequest<?> netty
        && !netty.getNativeRequest().uri().startsWith("/")) {
      Matcher absolute = ABSOLUTE.matcher(netty.getNativeRequest().uri());
      if (absolute.lookingAt()) {
        hosts = new ArrayList<>(sent);
        hosts.add(absolute.group(1));
      }
    }
    return hosts;
  }

  /** Load balancers ask for it by whatever name. It tells nothing about users. */
  private static boolean isHealth(HttpRequest<?> request) {
    return HEALTH.matcher(request.getPath()).matches();
  }

  private static boolean hasContentCoding(HttpRequest<?> request) {
    return request.getHeaders().getAll(HttpHeaders.CONTENT_ENCODING).stream()
        .anyMatch(coding -> !coding.equalsIgnoreCase("identity"));
  }

  /** Invalid bytes would all become the same replacement character. */
  private static boolean isUtf8(HttpRequest<?> request) {
    if (request.getPath().indexOf('%') < 0) {
      return true; // as nearly all are: their URI need not be parsed
    }
    String rawPath = request.getUri().getRawPath();
    if (rawPath == null) {
      return true;
    }
    ByteBuffer bytes = ByteBuffer.allocate(rawPath.length() * 3);
    for (int i = 0; i < rawPath.length(); i++) {
      if (rawPath.charAt(i) == '%') {
        bytes.put((byte) Integer.parseInt(rawPath, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.put((byte) 'a'); // java.net.URI has checked that the rest is ASCII
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
