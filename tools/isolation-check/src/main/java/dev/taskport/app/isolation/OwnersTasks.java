package dev.taskport.app.isolation;

import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.taskport.app.isolation.Users.User;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The owner's tasks, which the check creates, watches for changes, and deletes again. */
final class OwnersTasks {
  /** A task as its owner sees it. */
  record Watched(String id, String tag, String body) {}

  /** All of the owner's tasks, and those that the owner has deleted. */
  record State(String list, String deleted, List<Watched> tasks) {}

  private final Client client;
  private final Users users;
  private final String run = UUID.randomUUID().toString();
  private final String secret = "of the owner only: " + UUID.randomUUID();
  private final List<String> made = new ArrayList<>();

  OwnersTasks(Client client, Users users) {
    this.client = client;
    this.users = users;
  }

  /** A text in each of the owner's tasks, and in no other user's. */
  String secret() {
    return secret;
  }

  /** The title of tasks that the check creates, by which they are found and deleted at the end. */
  String title() {
    return "Isolation check " + run;
  }

  static String path(User user) {
    return "/api/" + ApiDocument.encode(user.id()) + "/tasks";
  }

  private Request get(String id) {
    return Request.of("GET", path(users.owner()) + '/' + id);
  }

  Watched create() {
    String body = JSONObjectUtils.toJSONString(Map.of("title", title(), "description", secret));
    Answer answer =
        client.send(
            Request.of("POST", path(users.owner())).withBody("application/json", body),
            users.owner().token());
    if (answer.status() != 201) {
      throw new IsolationException(
          "the first user's token should create a task, but the answer is of status %d; does the"
                  .formatted(answer.status())
              + " service accept such tokens (same secret, issuer, audience, not expired)?");
    }
    String id = text(answer, "id");
    made.add(id);
    return find(id);
  }

  private Watched find(String id) {
    Answer answer = client.send(get(id), users.owner().token());
    return new Watched(id, answer.tag(), text(answer));
  }

  /** The task's current state; a new task if it is gone. */
  Watched current(Watched task) {
    Watched current = find(task.id());
    return current.body().equals("404") ? create() : current;
  }

  /** The task, now deleted by its owner. */
  Watched delete(Watched task) {
    client.send(
        Request.of("DELETE", path(users.owner()) + '/' + task.id()).with("If-Match", "*"),
        users.owner().token());
    return task;
  }

  /** The owner's list, which shows every change of a task. */
  String list() {
    Answer answer = client.send(Request.of("GET", path(users.owner())), users.owner().token());
    return text(answer);
  }

  /** For a refusal, only its status, because its body contains the request's id. */
  private static String text(Answer answer) {
    return answer.isSuccess() ? answer.body() : String.valueOf(answer.status());
  }

  State state() {
    Answer deleted =
        client.send(Request.of("GET", path(users.owner()) + "/deleted"), users.owner().token());
    return new State(list(), text(deleted), made.stream().map(this::find).toList());
  }

  /** Deletes the created tasks of both users permanently, those in the trash too. */
  void removeAll() {
    for (User user : List.of(users.owner(), users.stranger())) {
      for (String list : List.of(path(user), path(user) + "/deleted?limit=1000")) {
        Answer answer = client.send(Request.of("GET", list), user.token());
        for (Object task : answer.isSuccess() ? array(answer) : List.of()) {
          if (task instanceof Map<?, ?> members
              && String.valueOf(members.get("title")).contains(run)) {
            client.send(
                Request.of("DELETE", path(user) + '/' + members.get("id") + "?permanently=true")
                    .with("If-Match", "*"),
                user.token());
          }
        }
      }
    }
  }

  private static List<?> array(Answer answer) {
    try {
      return JSONArrayUtils.parse(answer.body());
    } catch (ParseException e) {
      throw new IsolationException("the list of tasks is no JSON array", e);
    }
  }

  private static String text(Answer answer, String member) {
    try {
      return String.valueOf(JSONObjectUtils.parse(answer.body()).get(member));
    } catch (ParseException e) {
      throw new IsolationException("a task is no JSON object", e);
    }
  }
}
