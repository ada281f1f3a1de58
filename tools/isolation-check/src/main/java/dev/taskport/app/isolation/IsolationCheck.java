package dev.taskport.app.isolation;

import dev.taskport.adapter.rest.token.TokenSettings;
import dev.taskport.app.isolation.ApiDocument.Operation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tries, on a running service, to reach one user's tasks as a different user: through every
 * operation of its OpenAPI document, with invalid tokens, and by all known tricks. It creates tasks
 * for that, and deletes them again.
 */
public final class IsolationCheck {
  /** Paths that are not in the document: its own, and the pages that show it. */
  private static final List<String> PAGES = List.of("/openapi.json", "/docs", "/redoc");

  private static final int MAX_SHOWN = 10;

  private final Client client;
  private final Users users;
  private final Consumer<String> print;
  private int leaks;

  private IsolationCheck(Client client, Users users, Consumer<String> print) {
    this.client = client;
    this.users = users;
    this.print = print;
  }

  /**
   * Prints a line for each operation: whether it keeps users apart, and below it, each failure.
   *
   * @param service the service's URL, http or https
   * @param settings which tokens it accepts; null if unknown
   * @param environment may contain tokens of two users; otherwise tokens are created
   * @param print receives the output line by line; no line contains a token
   * @return whether all operations keep users apart
   * @throws IsolationException if the check can't be done
   */
  public static boolean run(
      String service,
      @Nullable TokenSettings settings,
      Map<String, String> environment,
      Consumer<String> print) {
    Client client = new Client(url(service));
    List<Operation> operations = operations(client, service);
    return new IsolationCheck(client, Users.of(settings, environment), print).run(operations);
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text);
      if (Set.of("http", "https").contains(String.valueOf(url.getScheme()))
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Refused below.
    }
    throw new IsolationException(
        "the URL of the service must be like https://tasks.example, without a user or a query");
  }

  private static List<Operation> operations(Client client, String service) {
    Answer document = client.send(Request.of("GET", "/openapi.json"), null);
    if (document.status() != 200) {
      throw new IsolationException(
          "%s/openapi.json is answered with status %d: is it the URL of a Taskport?"
              .formatted(service, document.status()));
    }
    List<Operation> operations = new ArrayList<>(ApiDocument.parse(document.body()).operations());
    if (operations.stream().noneMatch(Operation::isUsers)) {
      throw new IsolationException("the OpenAPI document has no operation of a user");
    }
    for (String page : PAGES) {
      operations.add(
          new Operation("GET", page, page, false, List.of(), List.of(), Set.of(), false));
    }
    return operations;
  }

  private boolean run(List<Operation> operations) {
    Request list = Request.of("GET", OwnersTasks.path(users.owner()));
    if (client.send(list, null).isSuccess()) {
      throw new IsolationException(
          "the service demands no token, so everybody reaches everything: configure authentication");
    }
    OwnersTasks tasks = new OwnersTasks(client, users);
    try {
      tasks.create();
      for (Operation operation : operations) {
        check(operation, tasks);
      }
    } finally {
      tasks.removeAll();
    }
    if (users.expired() == null) {
      print.accept("Not tried: an expired token (" + Users.TOKEN_EXPIRED + ")");
    }
    print.accept(
        leaks == 0
            ? "Isolated: %d requests to %d operations have shown and changed nothing of another user's"
                .formatted(client.sent(), operations.size())
            : "NOT ISOLATED: see above for what was wrong with %d of %d operations"
                .formatted(leaks, operations.size()));
    return leaks == 0;
  }

  private void check(Operation operation, OwnersTasks tasks) {
    int before = client.sent();
    List<String> findings = new Walk(client, users, tasks, operation).findings();
    print.accept(
        "%s: %s (%d requests)"
            .formatted(
                operation, findings.isEmpty() ? "isolated" : "FAILS", client.sent() - before));
    findings.stream().limit(MAX_SHOWN).forEach(finding -> print.accept("  " + finding));
    if (findings.size() > MAX_SHOWN) {
      print.accept("  and " + (findings.size() - MAX_SHOWN) + " more");
    }
    leaks += findings.isEmpty() ? 0 : 1;
  }
}
