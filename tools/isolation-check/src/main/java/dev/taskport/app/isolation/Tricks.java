package dev.taskport.app.isolation;

import static dev.taskport.app.isolation.ApiDocument.TASK;
import static dev.taskport.app.isolation.ApiDocument.USER;
import static dev.taskport.app.isolation.ApiDocument.encode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Requests that try to reach a different user's tasks, or to be taken for a different user's. Each
 * trick has worked against some real software.
 */
final class Tricks {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

  private static final List<String> URL_HEADERS =
      List.of("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri", "X-Forwarded-Path");

  private static final List<String> USER_HEADERS =
      List.of("X-User-Id", "X-User", "X-Forwarded-User", "X-Remote-User", "X-Auth-User");

  private final String template;
  private final String task;
  private final String ownerId;
  private final String owner;
  private final String stranger;

  /**
   * For one path template.
   *
   * @param template the path with its parameters
   * @param task the id of one of the owner's tasks
   */
  Tricks(String template, String task, String ownerId, String strangerId) {
    this.template = template;
    this.task = task;
    this.ownerId = ownerId;
    this.owner = encode(ownerId);
    this.stranger = encode(strangerId);
  }

  private String target(String user) {
    return template.replace(USER, user).replace(TASK, task);
  }

  /** Targets that lead to the owner's path, or close to it. */
  List<String> targets() {
    Set<String> targets = new LinkedHashSet<>();
    for (String user : spellings()) {
      targets.add(target(user));
    }
    String plain = target(owner);
    for (String end : List.of("/", "//", "/.", ";x=y", "%2F", "%00", "%20", ".json", "?", "?x")) {
      targets.add(plain + end);
    }
    for (String name : List.of("user_id", "userId", "user", "sub")) {
      targets.add(plain + '?' + name + '=' + stranger);
    }
    for (String start :
        List.of(
            "/",
            "/.",
            "/%2e",
            "/health/..",
            "/health/%2e%2e",
            "/health/..;",
            "/docs/..",
            "/docs/assets/..%2F..",
            "/openapi.json/..")) {
      targets.add(start + plain);
    }
    for (String spelling : List.of("/API/", "/Api/", "/%61pi/", "/api;x/", "/api//", "/api/./")) {
      targets.add(plain.replaceFirst("^/api/", spelling));
    }
    targets.add(plain.replace("/" + owner + "/", "/" + owner + "//"));
    targets.remove(plain);
    return List.copyOf(targets);
  }

  /** Spellings that may be taken for the owner's id, or lead to it. */
  private List<String> spellings() {
    List<String> spellings = new ArrayList<>();
    String percent = percent(ownerId);
    spellings.add(percent);
    spellings.add(percent.toLowerCase(Locale.ROOT));
    spellings.add(percent.replace("%", "%25"));
    spellings.add(encode(ownerId.toUpperCase(Locale.ROOT)));
    spellings.add(encode(ownerId.toLowerCase(Locale.ROOT)));
    for (String end :
        List.of("%00", "%20", "%09", "%0A", "%0D%0A", "%C2%A0", "%2F", "%2F.", "/.", ".", "+")) {
      spellings.add(owner + end);
    }
    for (String end : List.of(";x=y", ";", ";user_id=" + stranger, "%3Bx=y", "%3F", "%23")) {
      spellings.add(owner + end);
    }
    for (String start : List.of("%20", "./", "%2e/", "%2F", "../api/", "%00")) {
      spellings.add(start + owner);
    }
    for (String up :
        List.of("/../", "/%2e%2e/", "/.%2e/", "%2F..%2F", "%2f%2e%2e%2f", "%252F..%252F")) {
      spellings.add(stranger + up + owner);
    }
    for (String up :
        List.of("/..;/", ";/../", "%5C..%5C", "/..%00/", "/..%c0%af", "/tasks/../../")) {
      spellings.add(stranger + up + owner);
    }
    for (String comma : List.of(",", "%2C", "%00", "%20", ";", "&")) {
      spellings.add(owner + comma + stranger);
      spellings.add(stranger + comma + owner);
    }
    spellings.addAll(List.of("*", "%2A", "%25", "_", "me", "%7Buser_id%7D"));
    return spellings;
  }

  private static String percent(String text) {
    StringBuilder percent = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      percent.append(String.format("%%%02X", b));
    }
    return percent.toString();
  }

  /** The owner's path with all methods, supported or not. */
  List<Request> methods(Request ordinary) {
    return METHODS.stream()
        .filter(method -> !method.equals(ordinary.method()))
        .map(method -> ordinary.withMethod(method).to(target(owner)))
        .toList();
  }

  /** The owner's path and the stranger's own, with headers that some programs trust. */
  List<Request> headers(Request ordinary) {
    Request owners = ordinary.to(target(owner));
    Request own = ordinary.to(target(stranger));
    List<Request> requests = new ArrayList<>();
    for (String header : List.of("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")) {
      requests.add(owners.withMethod("POST").with(header, ordinary.method()));
      requests.add(owners.withMethod("GET").withBody(null).with(header, ordinary.method()));
    }
    for (String header : URL_HEADERS) {
      requests.add(owners.with(header, target(stranger)));
      requests.add(own.with(header, target(owner)));
      requests.add(ordinary.to("/").with(header, target(owner)));
    }
    for (String header : USER_HEADERS) {
      requests.add(owners.with(header, ownerId));
      requests.add(own.with(header, ownerId));
    }
    requests.add(owners.with("X-Forwarded-For", "127.0.0.1").with("X-Real-IP", "127.0.0.1"));
    requests.add(owners.with("X-Forwarded-Host", "localhost").with("X-Forwarded-Proto", "https"));
    requests.add(owners.with("Forwarded", "for=127.0.0.1;host=localhost;proto=https"));
    requests.add(own.with("X-Forwarded-Prefix", "/api/" + owner));
    requests.add(own.with("Cookie", "user_id=" + owner + "; sub=" + owner));
    return requests;
  }

  /** The stranger's own path, with the owner in the query. */
  List<Request> queries(Request ordinary) {
    List<Request> requests = new ArrayList<>();
    for (String name : List.of("user_id", "userId", "user", "owner", "sub")) {
      requests.add(ordinary.to(target(stranger)).withQuery(name + '=' + owner));
    }
    requests.add(
        ordinary.to(target(stranger)).withQuery("user_id=" + stranger + "&user_id=" + owner));
    return requests;
  }

  /** A path without a user, with the owner in the query or a header. */
  List<Request> pretences(Request ordinary) {
    List<Request> requests = new ArrayList<>();
    for (String header : USER_HEADERS) {
      requests.add(ordinary.with(header, ownerId));
    }
    for (String header : URL_HEADERS) {
      requests.add(ordinary.with(header, "/api/" + owner + "/tasks"));
    }
    requests.add(ordinary.with("X-Forwarded-Prefix", "/api/" + owner));
    requests.add(ordinary.with("Cookie", "user_id=" + owner + "; sub=" + owner));
    requests.addAll(queries(ordinary));
    return requests;
  }
}
