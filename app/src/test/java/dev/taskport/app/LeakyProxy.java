package dev.taskport.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the service and knows its secret, so that it can make each mistake that a service
 * can make. Its OpenAPI document holds few operations: the one that is of interest.
 */
final class LeakyProxy implements AutoCloseable {
  enum Leak {
    BELIEVES_A_PATH_IN_A_HEADER,
    BELIEVES_THE_QUERY,
    CHECKS_NO_EXPIRY,
    CHECKS_NO_TOKEN,
    COMPARES_WITHOUT_CASE,
    DELETES_THOUGH_IT_REFUSES,
    FINDS_BY_THE_ID_ALONE,
    OVERRIDES_THE_METHOD,
    READS_FOR_ANYBODY,
    REFUSES_EVERYBODY,
    SHOWS_TASKS_ON_A_PAGE,
    WALKS_UP_AND_DOWN
  }

  static {
    // Else the JDK's server waits for the client's acknowledgement before it sends the body.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final Pattern USER = Pattern.compile("isolation-check-[0-9a-f-]{36}");
  private static final Set<String> NOT_PASSED_ON =
      Set.of("authorization", "host", "connection", "content-length", "upgrade", "http2-settings");

  private final String service;
  private final String secret;
  private final Leak leak;
  private final String method;
  private final String path;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final HttpClient client = HttpClient.newHttpClient();

  /** The first user whose token came. */
  private volatile @Nullable String owner;

  LeakyProxy(String service, String secret, Leak leak, String method, String path)
      throws IOException {
    this.service = service;
    this.secret = secret;
    this.leak = leak;
    this.method = method.toLowerCase(Locale.ROOT);
    this.path = path;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private String token(String user) {
    return "Bearer "
        + TestTokens.hs256(
            secret, JSONObjectUtils.toJSONString(Map.of("sub", user, "exp", 9_999_999_999L)));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpResponse<byte[]> answer = leak(exchange, body);
      byte[] text = answer.body();
      if (exchange.getRequestURI().toString().equals("/openapi.json")) {
        text = fewOperations(new String(text, UTF_8)).getBytes(UTF_8);
      }
      answer
          .headers()
          .firstValue("ETag")
          .ifPresent(t -> exchange.getResponseHeaders().set("ETag", t));
      boolean bare = exchange.getRequestMethod().equals("HEAD") || text.length == 0;
      exchange.sendResponseHeaders(answer.statusCode(), bare ? -1 : text.length);
      if (!bare) {
        exchange.getResponseBody().write(text);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ParseException e) {
      throw new IOException(e);
    }
  }

  private String fewOperations(String document) throws ParseException {
    Map<String, Object> root = JSONObjectUtils.parse(document);
    Map<String, Object> paths = JSONObjectUtils.getJSONObject(root, "paths");
    // One of a user's must be there.
    String ofUser = path.contains("{user_id}") ? path : "/api/{user_id}/tasks";
    paths.keySet().removeIf(each -> !each.equals(path) && !each.equals(ofUser));
    for (String each : paths.keySet()) {
      JSONObjectUtils.getJSONObject(paths, each)
          .keySet()
          .removeIf(verb -> !verb.equals(each.equals(path) ? method : "get"));
    }
    return JSONObjectUtils.toJSONString(root);
  }

  private HttpResponse<byte[]> leak(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException, ParseException {
    String verb = exchange.getRequestMethod();
    String target = exchange.getRequestURI().toString();
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String caller = caller(authorization);
    if (owner == null) {
      owner = caller;
    }
    List<String> users = USER.matcher(target).results().map(MatchResult::group).toList();
    String last = users.isEmpty() ? null : users.get(users.size() - 1);
    switch (leak) {
      case BELIEVES_A_PATH_IN_A_HEADER -> {
        String other = exchange.getRequestHeaders().getFirst("X-Original-URL");
        if (other != null) {
          var found = USER.matcher(other);
          return send(exchange, body, verb, other, found.find() ? token(found.group()) : null);
        }
      }
      case BELIEVES_THE_QUERY -> {
        if (last != null && users.size() > 1 && target.contains("?user_id=")) {
          String other = target.replaceFirst("\\?.*", "").replace(users.get(0), last);
          return send(exchange, body, verb, other, token(last));
        }
      }
      case CHECKS_NO_EXPIRY -> {
        if (caller != null
            && authorization != null
            && claims(authorization).getExpirationTime().toInstant().isBefore(Instant.now())) {
          return send(exchange, body, verb, target, token(caller));
        }
      }
      case CHECKS_NO_TOKEN -> {
        if (caller != null) {
          return send(exchange, body, verb, target, token(caller));
        }
      }
      case COMPARES_WITHOUT_CASE -> {
        if (caller != null) {
          return send(exchange, body, verb, target, token(caller.toLowerCase(Locale.ROOT)));
        }
      }
      case DELETES_THOUGH_IT_REFUSES -> {
        HttpResponse<byte[]> answer = send(exchange, body, verb, target, authorization);
        if (verb.equals("DELETE") && answer.statusCode() == 403 && last != null) {
          send(exchange, body, verb, target, token(last));
        }
        return answer;
      }
      case FINDS_BY_THE_ID_ALONE -> {
        HttpResponse<byte[]> answer = send(exchange, body, verb, target, authorization);
        return answer.statusCode() == 404 && last != null && owner != null
            ? send(exchange, body, verb, target.replace(last, owner), token(owner))
            : answer;
      }
      case OVERRIDES_THE_METHOD -> {
        String other = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
        if (other != null && last != null) {
          return send(exchange, body, other, target, token(last));
        }
      }
      case READS_FOR_ANYBODY -> {
        // Not the list, by which the check sees whether there is authentication at all.
        if (authorization == null && last != null && !target.endsWith("/tasks")) {
          return send(exchange, body, verb, target, token(last));
        }
      }
      case REFUSES_EVERYBODY -> {
        HttpResponse<byte[]> answer = send(exchange, body, verb, target, authorization);
        return target.endsWith("/complete") && answer.statusCode() == 200
            ? send(exchange, body, verb, target, token("nobody"))
            : answer;
      }
      case SHOWS_TASKS_ON_A_PAGE -> {
        if (target.equals("/health") && owner != null) {
          return send(exchange, body, verb, "/api/" + owner + "/tasks", token(owner));
        }
      }
      case WALKS_UP_AND_DOWN -> {
        if (users.size() == 2 && last != null && target.matches("(?i).*/(\\.|%2e){2}/.*")) {
          String rest = target.substring(target.lastIndexOf(last));
          return send(exchange, body, verb, "/api/" + rest, token(last));
        }
      }
    }
    return send(exchange, body, verb, target, authorization);
  }

  private static @Nullable String caller(@Nullable String authorization) throws ParseException {
    return authorization == null ? null : claims(authorization).getSubject();
  }

  private static JWTClaimsSet claims(String authorization) throws ParseException {
    return SignedJWT.parse(authorization.substring("Bearer ".length())).getJWTClaimsSet();
  }

  private HttpResponse<byte[]> send(
      HttpExchange exchange,
      byte[] body,
      String verb,
      String target,
      @Nullable String authorization)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(service + target))
            .method(
                verb,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
