package dev.taskport.bench.vertx;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/** The routes on one event loop, with pipelined connections and prepared statements of its own. */
final class TaskVerticle extends AbstractVerticle {
  private static final String COLUMNS =
      "id, user_id, title, description, completed, created_at, updated_at, priority, tags, due_date";
  private static final String GET =
      "SELECT " + COLUMNS + " FROM tasks WHERE user_id = $1 AND id = $2";
  private static final String LIST =
      "SELECT "
          + COLUMNS
          + " FROM tasks WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2";
  private static final String TOGGLE =
      "UPDATE tasks SET completed = NOT completed, updated_at = $3 WHERE user_id = $1 AND id = $2 RETURNING "
          + COLUMNS;
  private static final String CREATE =
      "INSERT INTO tasks (user_id, id, title, description, completed, created_at, updated_at)"
          + " VALUES ($1, $2, $3, $4, false, $5, $5) RETURNING "
          + COLUMNS;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

  private SqlClient reads;
  private SqlClient writes;

  @SuppressWarnings("NullAway.Init") // start() is Vert.x's constructor
  TaskVerticle() {}

  @Override
  public void start(Promise<Void> started) {
    Map<String, String> environment = System.getenv();
    PgConnectOptions address =
        new PgConnectOptions()
            .setHost(environment.get("DATABASE_HOST"))
            .setPort(Integer.parseInt(environment.get("DATABASE_PORT")))
            .setDatabase(environment.get("DATABASE_NAME"))
            .setUser(environment.get("DATABASE_USER"))
            .setPassword(environment.get("DATABASE_PASSWORD"))
            .addProperty("search_path", environment.get("DATABASE_SCHEMA"))
            .setCachePreparedStatements(true)
            .setPipeliningLimit(64);
    // Reads are pipelined on one connection. A commit waits for the disk, and what is behind it on
    // the same connection with it: writes have more of them.
    reads = client(address, 1);
    writes = client(address, 5);
    Router router = Router.router(vertx);
    router.get("/bare").handler(context -> json(context, 200, Buffer.buffer("{\"bare\":true}")));
    router.get("/api/:user/tasks/:id").handler(this::get);
    router.get("/api/:user/tasks").handler(this::list);
    router.patch("/api/:user/tasks/:id/complete").handler(this::toggle);
    router.post("/api/:user/tasks").handler(BodyHandler.create(false)).handler(this::create);
    vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(Integer.parseInt(environment.get("PORT")), "127.0.0.1")
        .<Void>mapEmpty()
        .onComplete(started);
  }

  private SqlClient client(PgConnectOptions address, int connections) {
    return PgBuilder.client()
        .connectingTo(address)
        .with(new PoolOptions().setMaxSize(connections))
        .using(vertx)
        .build();
  }

  private void get(RoutingContext context) {
    UUID id = id(context);
    if (id != null) {
      one(context, 200, reads.preparedQuery(GET).execute(Tuple.of(user(context), id)));
    }
  }

  private void list(RoutingContext context) {
    String limit = context.request().getParam("limit");
    reads
        .preparedQuery(LIST)
        .execute(Tuple.of(user(context), limit == null ? 50 : Integer.parseInt(limit)))
        .onSuccess(
            rows -> {
              JsonArray tasks = new JsonArray();
              rows.forEach(row -> tasks.add(task(row)));
              json(context, 200, tasks.toBuffer());
            })
        .onFailure(context::fail);
  }

  private void toggle(RoutingContext context) {
    UUID id = id(context);
    if (id != null) {
      one(context, 200, writes.preparedQuery(TOGGLE).execute(Tuple.of(user(context), id, now())));
    }
  }

  private void create(RoutingContext context) {
    JsonObject body;
    String title;
    String description;
    try {
      body = context.body().asJsonObject();
      title = body == null ? null : body.getString("title");
      description = body == null ? null : body.getString("description");
    } catch (DecodeException | ClassCastException e) {
      error(context, 400);
      return;
    }
    if (title == null || title.isBlank() || title.length() > 200) {
      error(context, 422);
      return;
    }
    one(
        context,
        201,
        writes
            .preparedQuery(CREATE)
            .execute(
                Tuple.of(user(context), UUID.randomUUID(), title.strip(), description, now())));
  }

  private static void one(RoutingContext context, int status, Future<RowSet<Row>> rows) {
    rows.onSuccess(
            found -> {
              RowIterator<Row> row = found.iterator();
              if (row.hasNext()) {
                json(context, status, task(row.next()).toBuffer());
              } else {
                error(context, 404);
              }
            })
        .onFailure(context::fail);
  }

  private static String user(RoutingContext context) {
    return context.pathParam("user");
  }

  private static @org.jspecify.annotations.Nullable UUID id(RoutingContext context) {
    try {
      return UUID.fromString(context.pathParam("id"));
    } catch (IllegalArgumentException e) {
      error(context, 422);
      return null;
    }
  }

  private static OffsetDateTime now() {
    return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
  }

  private static void error(RoutingContext context, int status) {
    json(context, status, new JsonObject().put("detail", "HTTP " + status).toBuffer());
  }

  private static void json(RoutingContext context, int status, Buffer body) {
    HttpServerResponse response = context.response();
    response.setStatusCode(status).putHeader("content-type", "application/json").end(body);
  }

  private static JsonObject task(Row row) {
    String[] tags = row.getArrayOfStrings(8);
    JsonArray list = new JsonArray();
    for (String tag : tags) {
      list.add(tag);
    }
    OffsetDateTime due = row.getOffsetDateTime(9);
    return new JsonObject()
        .put("id", row.getUUID(0).toString())
        .put("user_id", row.getString(1))
        .put("title", row.getString(2))
        .put("description", row.getString(3))
        .put("completed", row.getBoolean(4))
        .put("created_at", time(row.getOffsetDateTime(5)))
        .put("updated_at", time(row.getOffsetDateTime(6)))
        .put("priority", row.getString(7))
        .put("tags", list)
        .put("due_date", due == null ? null : time(due));
  }

  private static String time(OffsetDateTime time) {
    return TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC));
  }
}
