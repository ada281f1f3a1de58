package dev.taskport.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.fuzz.ApiDescription.Operation;
import dev.taskport.fuzz.BodyGenerator.Body;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes requests for the operations of a description, valid and broken ones. */
final class RequestGenerator {
  private static final String[] WRONG_USERS = {
    "%20", "%00", "a%0Ab", "%ff", "%C3", "%ED%A0%80", "%C2%A0"
  };
  private static final String[] WRONG_IDS = {
    "1",
    "null",
    "%20",
    "%00",
    "%27%20OR%201=1",
    "*",
    "{task_id}",
    "01990000-0000-7000-8000-00000000000g",
    "01990000000070008000000000000001",
    "%7B01990000-0000-7000-8000-000000000001%7D",
    "a".repeat(300),
    "%ff",
    "1-1-1-1-1",
    "%2e%2e",
    "\u00c3\u00a4"
  };
  private static final String[] ODD_HEADERS = {
    "Range: bytes=0-1",
    "Cookie: a=b; a; =; session=\"x",
    "X-HTTP-Method-Override: DELETE",
    "Via: 1.1 a",
    "Forwarded: for=1.2.3.4;host=evil",
    "X-Forwarded-For: 1.2.3.4, 5",
    "X-Forwarded-Prefix: /x",
    "If-Modified-Since: Sat, 21 Nov 2026 09:47:36 GMT",
    "If-Unmodified-Since: yesterday",
    "TE: trailers",
    "If-Range: \"a\"",
    "Origin: http://localhost:3000",
    "Origin: null",
    "Origin: http://evil.example",
    "Accept-Encoding: gzip",
    "Accept-Encoding: identity;q=0, *;q=0",
    "Accept-Language: xx-\u00e9",
    "Referer: \u00e9",
    "Upgrade: h2c",
    "Connection: close",
    "Connection: Upgrade, HTTP2-Settings",
    "Keep-Alive: timeout=5",
    "Content-Language: de",
    "Expect: 100-continue",
    "X-Empty:",
    "Date: never",
    "X-Request-ID: a b",
    "X-Request-ID: \u00e9",
    "Max-Forwards: 0",
    "Sec-Fetch-Site: cross-site",
    "Content-MD5: x",
    "Traceparent: 00-0-0-0",
    "User-Agent: ${jndi:ldap://a}",
    "Pragma: x",
    "Warning: 1"
  };
  private static final String[] OTHER_TYPES = {
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=a",
    "application/xml",
    "text/json",
    "application/json-patch+json"
  };

  private final ApiDescription description;
  private final SplittableRandom random;
  private final BodyGenerator bodies;
  private final KnownTasks tasks;
  private final String user;
  private final String host;
  private final @Nullable UnaryOperator<String> tokens;

  RequestGenerator(
      ApiDescription description,
      SplittableRandom random,
      KnownTasks tasks,
      String user,
      String host,
      @Nullable UnaryOperator<String> tokens) {
    this.description = description;
    this.random = random;
    this.bodies = new BodyGenerator(description, random);
    this.tasks = tasks;
    this.user = user;
    this.host = host;
    this.tokens = tokens;
  }

  /** The next request, for an operation at random, more often for one with something to do. */
  FuzzedRequest next(List<Operation> operations) {
    Operation operation = pickOperation(operations);
    boolean creates = operation.method().equals("POST") && !isRestore(operation);
    boolean useful =
        creates || (isRestore(operation) ? !tasks.deleted.isEmpty() : !tasks.alive.isEmpty());
    if (!useful && chance(60)) {
      return next(operations);
    }
    return new Draft(operation).request();
  }

  private Operation pickOperation(List<Operation> operations) {
    Operation operation = operations.get(random.nextInt(operations.size()));
    boolean rare = !operation.path().startsWith("/api/") && chance(85);
    return rare ? pickOperation(operations) : operation;
  }

  private static boolean isRestore(Operation operation) {
    return operation.path().endsWith("/restore");
  }

  /** A request about the round's user, with nothing odd in it. */
  FuzzedRequest plain(Operation operation, @Nullable String taskId) {
    Draft draft = new Draft(operation);
    draft.target.append(path(operation, encode(user), taskId == null ? "" : taskId));
    draft.headers.add("Host: " + host);
    draft.authorize(true);
    return draft.request("GET", null, false);
  }

  private static String path(Operation operation, String user, String task) {
    return operation.path().replace("{user_id}", user).replace("{task_id}", task);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private final class Draft {
    private final Operation operation;
    private final StringBuilder target = new StringBuilder();
    private final List<String> headers = new ArrayList<>();
    private final boolean ofUser;
    private Fate fate = Fate.ACCEPTED;
    private boolean own = true;
    private boolean creates;
    private @Nullable String taskId;
    private @Nullable Map<String, JsonNode> content;

    Draft(Operation operation) {
      this.operation = operation;
      this.ofUser = operation.path().startsWith("/api/");
    }

    FuzzedRequest request() {
      addPath();
      addQuery();
      String method = method();
      headers.add(host());
      authorize(!chance(6));
      addHeaders();
      String body = body();
      if (target.length() > 8000) {
        fate = Fate.REFUSED; // the whole line may have 8192 bytes
      }
      return request(method, body, chance(15));
    }

    FuzzedRequest request(String method, @Nullable String body, boolean chunked) {
      return new FuzzedRequest(
          operation,
          method,
          target.toString(),
          List.copyOf(headers),
          body,
          chunked,
          fate,
          taskId,
          own,
          content,
          creates);
    }

    private void fated(Fate other) {
      fate = fate.and(other);
    }

    private void addPath() {
      String owner = encode(user);
      if (operation.path().contains("{user_id}") && chance(5)) {
        own = false;
        boolean wrong = chance(70);
        owner = wrong ? pick(WRONG_USERS) : chance(30) ? "a".repeat(256) : encode(user + "-other");
        boolean refused = wrong || owner.length() == 256 || tokens != null;
        fated(refused ? Fate.REFUSED : Fate.EITHER);
      }
      String id = "";
      if (operation.path().contains("{task_id}")) {
        id = id();
      }
      target.append(path(operation, owner, id));
      if (chance(4) && target.length() > 1) {
        target.append('/');
      }
    }

    private String id() {
      boolean restores = isRestore(operation);
      List<String> usable = List.copyOf(restores ? tasks.deleted.keySet() : tasks.alive.keySet());
      if (!usable.isEmpty() && chance(80)) {
        taskId = pick(usable);
        return chance(5) ? taskId.toUpperCase(Locale.ROOT) : taskId;
      }
      if (chance(30)) {
        fated(Fate.REFUSED);
        return pick(WRONG_IDS);
      }
      List<String> others = List.copyOf(restores ? tasks.alive.keySet() : tasks.deleted.keySet());
      taskId =
          !others.isEmpty() && chance(50)
              ? pick(others)
              : new UUID(random.nextLong(), random.nextLong()).toString();
      fated(Fate.EITHER); // 404, but a PUT may create it
      return taskId;
    }

    private void addQuery() {
      List<String> pairs = new ArrayList<>();
      for (JsonNode reference : operation.node().path("parameters")) {
        JsonNode parameter = description.resolve(reference);
        if (parameter.path("in").asText().equals("query") && chance(18)) {
          pairs.add(parameter.path("name").asText() + '=' + queryValue(parameter));
        }
      }
      if (chance(6)) {
        pairs.add(
            pick(
                "x=%00",
                "utm_source=a&&",
                "=",
                "x=%zz",
                "x=\u00e9|^`{}",
                "a[]=1&a[]=2",
                "%ff=1",
                "page_size="));
      }
      if (chance(1)) {
        pairs.add("x=" + "y".repeat(9000));
      }
      if (!pairs.isEmpty()) {
        target.append('?').append(String.join("&", pairs));
      }
    }

    private String queryValue(JsonNode parameter) {
      String name = parameter.path("name").asText();
      JsonNode schema = description.resolve(parameter.path("schema"));
      String type = schema.path("type").asText();
      List<String> known = tasks.tokens.getOrDefault(name, List.of());
      fated(Fate.EITHER); // it may contradict another one
      if (!known.isEmpty() && chance(70)) {
        String token = pick(known);
        if (chance(20)) {
          int at = random.nextInt(token.length());
          token =
              token.substring(0, at)
                  + (token.charAt(at) == 'A' ? 'B' : 'A')
                  + token.substring(at + 1);
          fated(
              name.equals("lastEventId") || operation.path().endsWith("events")
                  ? Fate.EITHER
                  : Fate.REFUSED);
        }
        return token;
      }
      boolean choice = schema.has("enum") || type.equals("integer") || type.equals("boolean");
      if (choice && chance(25)) {
        fated(Fate.REFUSED);
        return pick(
            "-1", "1e3", "%00", "0x1", "true%20", "tru", "99999999999", "1.0", "%D9%A1", "'");
      }
      if (schema.has("enum")) {
        return schema.path("enum").get(random.nextInt(schema.path("enum").size())).asText();
      }
      if (type.equals("integer")) {
        int least = schema.path("minimum").asInt();
        int most = schema.path("maximum").asInt();
        int number = chance(20) ? least : chance(20) ? most : random.nextInt(least, most + 1);
        if (chance(10)) {
          fated(Fate.REFUSED);
          number = chance(50) ? least - 1 : most + 1;
        }
        return String.valueOf(number);
      }
      if (type.equals("boolean")) {
        return pick("true", "false");
      }
      if (type.equals("array") && schema.at("/items/enum").isArray()) {
        return pick("low", "high,urgent", "LOW,%20medium", "none");
      }
      if (schema.path("format").asText().equals("date-time") || name.startsWith("due_")) {
        return pick(
            "2026-11-21T09:47:36Z",
            "2026-11-21T10:47:36%2B01:00",
            "2026-11-21T10:47:36+01:00",
            "2026-12-24",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "now",
            "2026-02-30T00:00:00Z",
            "%00");
      }
      return pick(
          "milk",
          "a%20b",
          "%F0%9F%98%80",
          "%25_",
          "%00",
          "%ff",
          "%5C",
          "+",
          "x".repeat(201),
          "a,b,,c");
    }

    private String method() {
      String method = operation.method();
      if (method.equals("GET") && chance(8)) {
        return "HEAD";
      }
      if (chance(2)) {
        fated(Fate.REFUSED);
        return pick("TRACE", "FOO", "get", method.toLowerCase(Locale.ROOT), "PROPFIND", "*");
      }
      return method;
    }

    private String host() {
      if (chance(1)) {
        fated(Fate.REFUSED);
        return pick("Host: a b", "Host: [", "Host: a:b:c", "Host: \u00e9", "X-No-Host: a");
      }
      return "Host: " + host;
    }

    private void authorize(boolean well) {
      if (tokens == null || !ofUser) {
        return;
      }
      if (well) {
        headers.add("Authorization: Bearer " + tokens.apply(user));
        return;
      }
      fated(Fate.REFUSED);
      String token = tokens.apply(user);
      String other = tokens.apply(user + "-other");
      headers.add(
          pick(
              "Authorization: Bearer",
              "Authorization: Basic dXNlcjpwYXNz",
              "Authorization: Bearer a.b.c",
              "Authorization: Bearer " + token.substring(0, token.length() - 3),
              "Authorization: " + token,
              "X-Authorization: Bearer " + token,
              "Authorization: Bearer " + token + "\r\nAuthorization: Bearer " + other));
    }

    private void addHeaders() {
      for (JsonNode reference : operation.node().path("parameters")) {
        JsonNode parameter = description.resolve(reference);
        if (parameter.path("in").asText().equals("header") && chance(25)) {
          addHeader(parameter.path("name").asText());
        }
      }
      if (chance(15)) {
        headers.add(pick(ODD_HEADERS));
      }
      if (chance(10)) {
        headers.add("X-Request-ID: fuzz-" + random.nextInt(1000));
      }
      if (chance(8)) {
        fated(Fate.EITHER);
        headers.add(
            "Accept: "
                + pick(
                    "text/csv",
                    "application/json;q=0.1, */*;q=0",
                    "application/*",
                    "text/html",
                    "*/*;q=0",
                    ",",
                    "a/b;c",
                    "application/problem+json",
                    "application/json;q=0",
                    "x",
                    "*/*, text/event-stream"));
      }
    }

    private void addHeader(String name) {
      switch (name) {
        case "If-Match" -> headers.add("If-Match: " + tag());
        case "If-None-Match" -> {
          if (operation.method().equals("PUT")) {
            creates = chance(80);
            fated(creates ? Fate.EITHER : Fate.REFUSED);
            headers.add(
                "If-None-Match: " + (creates ? "*" : pick("\"x\"", "*, *", "W/\"x\"", "x")));
          } else {
            headers.add("If-None-Match: " + tag());
          }
        }
        case "Idempotency-Key" -> headers.add("Idempotency-Key: " + key());
        case "Prefer" ->
            headers.add(
                "Prefer: "
                    + pick(
                        "count=exact",
                        "COUNT = \"exact\"; x",
                        "return=minimal, count=exact",
                        "count",
                        "\"",
                        ";,="));
        default -> {
          List<String> known = tasks.tokens.getOrDefault("since", List.of());
          headers.add(
              name
                  + ": "
                  + (known.isEmpty() || chance(30) ? pick("x", "0", "\u00e9") : pick(known)));
          fated(Fate.EITHER);
        }
      }
    }

    private String tag() {
      fated(Fate.EITHER);
      KnownTasks.Known current = taskId == null ? null : tasks.alive.get(taskId);
      if (current != null && chance(50)) {
        return pick(current.tag(), current.tag(), "\"x\", " + current.tag(), "W/" + current.tag());
      }
      if (!tasks.tags.isEmpty() && chance(40)) {
        return pick(tasks.tags);
      }
      return pick(
          "*",
          "\"",
          "\"\"",
          "x",
          "W/",
          "\"a\",,\"b\"",
          "\"-1-1\"",
          "\"zzzzzzzzzzzzz-1\"",
          "\"0-999999999999999999\"",
          "\"hod4if62kg-1-gzip\"",
          "\u00e9",
          ",",
          "\"" + "a".repeat(3000) + "\"");
    }

    private String key() {
      if (chance(15)) {
        fated(Fate.REFUSED);
        return pick("\u00e9", "a b", "\"\"", "x".repeat(256), "");
      }
      if (!tasks.keys.isEmpty() && chance(40)) {
        fated(Fate.EITHER);
        return pick(tasks.keys);
      }
      String key =
          chance(10) ? "k".repeat(244) + random.nextInt(1_000_000) : "key-" + random.nextInt();
      tasks.keys.add(key);
      return chance(30) ? '"' + key + '"' : key;
    }

    private @Nullable String body() {
      JsonNode requestBody = operation.node().path("requestBody");
      if (requestBody.isMissingNode()) {
        if (!isRestore(operation) && !chance(3)) {
          return null;
        }
        if (chance(70)) {
          return null;
        }
        fated(Fate.EITHER);
        headers.add("Content-Type: application/json");
        return pick("{}", "null", "{\"title\":\"a\"}", "{", "x");
      }
      Map<String, JsonNode> types = ApiDescription.fields(requestBody.path("content"));
      boolean optional = !requestBody.path("required").asBoolean();
      if (optional && chance(30)) {
        content = Map.of();
        return chance(50) ? null : "";
      }
      String type = pick(List.copyOf(types.keySet()));
      JsonNode schema =
          creates
              ? description.root.at("/components/schemas/NewTask")
              : requestBody.path("content").path(type).path("schema");
      if (optional && chance(5)) {
        content = Map.of();
        headers.add("Content-Type: " + type);
        return "null";
      }
      Body body = bodies.body(schema, creates || operation.method().equals("POST"), optional);
      fated(body.fate());
      content = body.content();
      addContentType(type, body.bytes().length());
      return body.bytes();
    }

    private void addContentType(String type, int length) {
      if (chance(3) && length > 0) {
        fated(Fate.REFUSED);
        if (chance(80)) {
          headers.add("Content-Type: " + pick(OTHER_TYPES));
        }
        return;
      }
      headers.add(
          "Content-Type: "
              + type
              + pick("", "", "", "; charset=utf-8", ";charset=\"UTF-8\"", "; x=y"));
      if (chance(2) && length > 0) {
        fated(Fate.REFUSED);
        headers.add("Content-Encoding: " + pick("gzip", "br", "x"));
      }
    }
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
