package dev.taskport.app.isolation;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.taskport.app.isolation.ApiDocument.Body;
import dev.taskport.app.isolation.ApiDocument.Operation;
import dev.taskport.app.isolation.OwnersTasks.Watched;
import dev.taskport.app.isolation.Users.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The check of one operation. It sends everything that a different user can try, and looks whether
 * the owner's tasks were read or changed. Then it sends the same requests as the owner. These must
 * succeed, because an operation that fails for everybody proves nothing.
 */
final class Walk {
  private static final Set<Integer> FORBIDDEN = Set.of(403);
  private static final Set<Integer> UNAUTHORIZED = Set.of(401);
  private static final Set<Integer> NOT_FOUND = Set.of(404);

  /** 428 is for a service that requires {@code If-Match}. */
  private static final Set<Integer> NOT_FOUND_OR_CONDITION = Set.of(404, 428);

  /** Thrown when a change was found, because all later comparisons would find it again. */
  private static final class Changed extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final Client client;
  private final Users users;
  private final OwnersTasks tasks;
  private final Operation operation;
  private final List<String> findings = new ArrayList<>();
  private OwnersTasks.State before;
  private Watched task;

  Walk(Client client, Users users, OwnersTasks tasks, Operation operation) {
    this.client = client;
    this.users = users;
    this.tasks = tasks;
    this.operation = operation;
    this.task = operation.isOfDeleted() ? tasks.delete(tasks.create()) : tasks.create();
    this.before = tasks.state();
  }

  /** The operation's failures; empty if it protects the owner's tasks from all other users. */
  List<String> findings() {
    if (operation.takesBody() && operation.bodies().isEmpty()) {
      findings.add("the OpenAPI document has no example of its body to try it with");
      return findings;
    }
    try {
      if (operation.isUsers()) {
        tryPlainly();
        compareState("The owner's path, by tokens that aren't good for it");
        if (operation.isTasks()) {
          nameTheTaskUnderTheOwnPath();
          compareState("The owner's task under the other user's path");
        }
        tryTricks();
        compareState("Other spellings of the path, other methods, headers and queries");
        workForTheOwner();
      } else if (operation.isCallers()) {
        tryWithoutUser();
        compareState("The path without a user");
        if (operation.isTasks()) {
          nameTheTaskUnderTheOwnPath();
          compareState("The owner's task under the path without a user");
        }
        workForTheOwner();
      } else {
        lookWhereNobodysTasksAre();
        compareState("Without and with a token");
      }
    } catch (Changed e) {
      // The change is among the findings already.
    }
    return findings;
  }

  private String target(User user) {
    return operation
        .path()
        .replace(ApiDocument.USER, ApiDocument.encode(user.id()))
        .replace(ApiDocument.TASK, task.id());
  }

  /** The operation's requests, one for each example of a body. */
  private List<Request> ordinary(User user) {
    Request bare = Request.of(operation.method(), target(user));
    if (operation.headers().contains("If-Match")) {
      bare = bare.with("If-Match", task.tag());
    }
    List<Request> requests = new ArrayList<>();
    for (Body body : operation.bodies()) {
      requests.add(bare.withBody(body.type(), json(body, Map.of())));
    }
    return requests.isEmpty() ? List.of(bare) : requests;
  }

  /** Adds a title, by which a task that is created from this body can be found again. */
  private String json(Body body, Map<String, String> more) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    body.members().forEach((name, value) -> members.put(String.valueOf(name), value));
    members.computeIfPresent("title", (name, title) -> tasks.title());
    members.putAll(more);
    return JSONObjectUtils.toJSONString(members);
  }

  /** The owner's path, unchanged, with all the requests of the operation. */
  private void tryPlainly() throws Changed {
    List<Request> requests = new ArrayList<>(ordinary(users.owner()));
    for (String query : operation.queries()) {
      requests.add(requests.get(0).withQuery(query));
    }
    for (Request request : requests) {
      expect(FORBIDDEN, request, "the other user's token", users.stranger().token());
      expect(UNAUTHORIZED, request, "no token", null);
      expect(UNAUTHORIZED, request, "a token with a wrong signature", users.broken());
      if (users.expired() != null) {
        expect(UNAUTHORIZED, request, "an expired token", users.expired());
      }
      for (User lookalike : users.lookalikes()) {
        expect(FORBIDDEN, request, "the token of '" + lookalike + "'", lookalike.token());
      }
    }
  }

  private void expect(Set<Integer> statuses, Request request, String by, @Nullable String token)
      throws Changed {
    Answer answer = client.send(request, token);
    boolean leaks = answer.holds(tasks.secret());
    if (leaks || !statuses.contains(answer.status())) {
      findings.add(
          "%s, by %s: answered %d instead of %s%s"
              .formatted(
                  request,
                  by,
                  answer.status(),
                  String.join(" or ", statuses.stream().map(String::valueOf).sorted().toList()),
                  leaks ? ", with the owner's task" : ""));
    }
    compareList(request, by, answer);
  }

  /** A path without a user must mean the caller's tasks, whatever else the request contains. */
  private void tryWithoutUser() throws Changed {
    for (Request request : ordinary(users.owner())) {
      expect(UNAUTHORIZED, request, "no token", null);
      expect(UNAUTHORIZED, request, "a token with a wrong signature", users.broken());
      if (users.expired() != null) {
        expect(UNAUTHORIZED, request, "an expired token", users.expired());
      }
    }
    Request ordinary = ordinary(users.stranger()).get(0);
    Tricks tricks =
        new Tricks(operation.path(), task.id(), users.owner().id(), users.stranger().id());
    List<Request> requests = new ArrayList<>(List.of(ordinary));
    requests.addAll(tricks.pretences(ordinary));
    List<User> others = new ArrayList<>(List.of(users.stranger()));
    if (!ordinary.writes()) { // writes would leave tasks of these users behind
      others.addAll(users.lookalikes());
    }
    for (User other : others) {
      for (Request request : requests) {
        Answer answer = client.sendOdd(request, other.token());
        String by = "the token of '" + other + "'";
        if (answer.holds(tasks.secret()) || answer.holds(task.id())) {
          findings.add(
              "%s, by %s: answered %d with the owner's task"
                  .formatted(request, by, answer.status()));
        }
        compareList(request, by, answer);
      }
    }
  }

  private void tryTricks() throws Changed {
    Request ordinary = ordinary(users.owner()).get(0);
    Tricks tricks =
        new Tricks(operation.path(), task.id(), users.owner().id(), users.stranger().id());
    List<String> harmless = new ArrayList<>();
    if (ordinary.method().equals("GET")) {
      // What the stranger may see: their own tasks, and the public pages.
      for (String target : List.of(target(users.stranger()), "/", "/health")) {
        Answer own = client.send(Request.of("GET", target), users.stranger().token());
        if (own.isSuccess()) {
          harmless.add(own.body());
        }
      }
    }
    for (String target : tricks.targets()) {
      mustNotSucceed(ordinary.to(target), harmless, users.stranger().token());
      mustNotSucceed(ordinary.to(target), harmless, null);
    }
    for (Request request : tricks.methods(ordinary)) {
      mustNotSucceed(request, List.of(), users.stranger().token());
    }
    for (Request request : tricks.headers(ordinary)) {
      mustNotSucceed(request, harmless, users.stranger().token());
    }
    for (Request request : tricks.queries(ordinary)) {
      mustNotSucceed(request, harmless, users.stranger().token());
    }
    for (Body body : operation.bodies()) {
      String owner = users.owner().id();
      String text = json(body, Map.of("user_id", owner, "userId", owner, "owner", owner));
      mustNotSucceed(
          Request.of(operation.method(), target(users.stranger())).withBody(body.type(), text),
          harmless,
          users.stranger().token());
    }
  }

  /** Whatever the answer is, it must not contain or change any of the owner's tasks. */
  private void mustNotSucceed(Request request, List<String> harmless, @Nullable String token)
      throws Changed {
    Answer answer = client.sendOdd(request, token);
    String by = token == null ? "no token" : "the other user's token";
    boolean readsOwners =
        answer.holds(tasks.secret())
            || (!answer.tag().isEmpty() && answer.tag().equals(task.tag()))
            || (answer.isSuccess()
                && request.method().equals("GET")
                && !harmless.contains(answer.body()))
            || (answer.isSuccess() && request.method().equals("HEAD"));
    if (readsOwners) {
      findings.add(
          "%s, by %s: answered %d with what isn't theirs".formatted(request, by, answer.status()));
    }
    compareList(request, by, answer);
  }

  /** The owner's task id under the stranger's path, where there is no such task. */
  private void nameTheTaskUnderTheOwnPath() throws Changed {
    String token = users.stranger().token();
    String by = "the other user's token";
    for (Request request : ordinary(users.stranger())) {
      expect(NOT_FOUND, request, by, token);
      Request unconditional = Request.of(request.method(), request.target());
      String type = operation.bodies().isEmpty() ? null : operation.bodies().get(0).type();
      expect(
          NOT_FOUND_OR_CONDITION,
          type == null || request.body() == null
              ? unconditional
              : unconditional.withBody(type, request.body()),
          by,
          token);
    }
    if (operation.method().equals("PUT") && operation.headers().contains("If-None-Match")) {
      Body body = operation.bodies().get(0);
      Request create =
          Request.of("PUT", target(users.stranger()))
              .with("If-None-Match", "*")
              .withBody(body.type(), json(body, Map.of("title", tasks.title())));
      expect(Set.of(201), create, by, token);
      Request delete =
          Request.of("DELETE", OwnersTasks.path(users.stranger()) + '/' + task.id())
              .with("If-Match", "*");
      expect(Set.of(200), delete, by, token);
    }
  }

  private void workForTheOwner() {
    List<Request> requests = ordinary(users.owner());
    for (int i = 0; i < requests.size(); i++) {
      if (!operation.isOfDeleted()) {
        task = tasks.current(task); // the previous request may have changed or deleted it
      }
      Request request = ordinary(users.owner()).get(i);
      Answer answer = client.send(request, users.owner().token());
      if (!answer.isSuccess()) {
        findings.add(
            "%s, by the owner's token: answered %d, so its refusal to others proves nothing"
                .formatted(request, answer.status()));
      }
    }
  }

  private void lookWhereNobodysTasksAre() throws Changed {
    for (Request ordinary : ordinary(users.stranger())) {
      for (Request request :
          List.of(
              ordinary, ordinary.withQuery("user_id=" + ApiDocument.encode(users.owner().id())))) {
        for (String token : new @Nullable String[] {null, users.stranger().token()}) {
          Answer answer = client.send(request, token);
          if (answer.holds(tasks.secret()) || answer.holds(task.id())) {
            findings.add(
                "%s: answered %d with the owner's task".formatted(request, answer.status()));
          }
          compareList(request, token == null ? "no token" : "the other user's token", answer);
        }
      }
    }
  }

  /** After a request that may have changed something and was not refused. */
  private void compareList(Request request, String by, Answer answer) throws Changed {
    boolean refused = answer.status() >= 400 && answer.status() < 500;
    if (request.writes() && !refused && !tasks.list().equals(before.list())) {
      findings.add("%s, by %s: has changed the owner's tasks".formatted(request, by));
      throw new Changed();
    }
  }

  /** After many requests, because a refused request may still have been carried out. */
  private void compareState(String what) throws Changed {
    if (!tasks.state().equals(before)) {
      findings.add(what + ": one of these requests has changed the owner's tasks");
      throw new Changed();
    }
  }
}
