package dev.taskport.bench.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the load generator asks for. */
enum Work {
  /** A route that does nothing: what the framework costs. */
  BARE("bare route", null),
  GET(
      "get one",
      """
      SELECT id, user_id, title, description, completed, created_at, updated_at, priority, tags, due_date
        FROM tasks WHERE user_id = 'user-' || (:row::int %% :users::int) AND id = :id;
      """),
  LIST(
      "list of 50",
      """
      SELECT id, user_id, title, description, completed, created_at, updated_at, priority, tags, due_date
        FROM tasks WHERE user_id = 'user-' || (:row::int %% :users::int) ORDER BY created_at DESC, id DESC LIMIT 50;
      """),
  TOGGLE(
      "toggle",
      """
      UPDATE tasks SET completed = NOT completed, updated_at = now()
        WHERE user_id = 'user-' || (:row::int %% :users::int) AND id = :id RETURNING id;
      """),
  CREATE(
      "create",
      """
      INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at)
        VALUES ('user-' || (:row::int %% :users::int), gen_random_uuid(), 'Buy fresh bread on the way', false, now(), now())
        RETURNING id;
      """),
  /** 55 % get, 25 % list, 12 % toggle, 8 % create. */
  MIX("mix", null);

  private final String title;
  private final @Nullable String statement;

  Work(String title, @Nullable String statement) {
    this.title = title;
    this.statement = statement;
  }

  /** How the work is called in the report. */
  String title() {
    return title;
  }

  /** The work as one statement on the peers' table, for pgbench; null if it isn't one. */
  @Nullable String pgbench(int rows, int users) {
    return statement == null
        ? null
        : "\\set users %d\n\\set row random(0, %d)\n".formatted(users, rows - 1)
            + statement
                .replace("%%", "%")
                .replace(
                    ":id", "('00000000-0000-7000-8000-' || lpad(to_hex(:row::int), 12, '0'))::uuid")
                .replace("\n  ", " ");
  }

  /**
   * The script for wrk.
   *
   * @param bare the path of the bare route
   * @param seed of the random rows: equal for all who are compared
   * @param tokens the file with a token for each user, one a line; null for none
   */
  String script(int rows, int users, String bare, long seed, @Nullable String tokens) {
    return """
    local ROWS, USERS, TOKENS = %d, %d, %s
    math.randomseed(%d)
    -- Requests are put together here: wrk.format takes as long as a cheap answer.
    local HOST = wrk.host .. ":" .. wrk.port
    local tokens = {}
    if TOKENS then
      local user = 0
      for token in io.lines(TOKENS) do
        tokens[user] = "\\r\\nAuthorization: Bearer " .. token
        user = user + 1
      end
    end
    local function request_to(method, path, user)
      return method .. " " .. path .. " HTTP/1.1\\r\\nHost: " .. HOST .. (tokens[user] or "") .. "\\r\\n\\r\\n"
    end
    local BODY = '{"title":"Buy fresh bread on the way"}'
    local WITH_BODY = "\\r\\nContent-Type: application/json\\r\\nContent-Length: " .. #BODY .. "\\r\\n\\r\\n" .. BODY
    local function row()
      local i = math.random(0, ROWS - 1)
      local user = i %% USERS
      return "/api/user-" .. user .. "/tasks", string.format("/00000000-0000-7000-8000-%%012x", i), user
    end
    local works = {}
    function works.bare()
      return request_to("GET", "%s")
    end
    function works.get()
      local path, id, user = row()
      return request_to("GET", path .. id, user)
    end
    function works.list()
      local path, id, user = row()
      return request_to("GET", path .. "?limit=50", user)
    end
    function works.toggle()
      local path, id, user = row()
      return request_to("PATCH", path .. id .. "/complete", user)
    end
    function works.create()
      local path, id, user = row()
      return "POST " .. path .. " HTTP/1.1\\r\\nHost: " .. HOST .. (tokens[user] or "") .. WITH_BODY
    end
    function works.mix()
      local dice = math.random(100)
      if dice <= 55 then return works.get() end
      if dice <= 80 then return works.list() end
      if dice <= 92 then return works.toggle() end
      return works.create()
    end
    request = works.%s
    """
        .formatted(
            rows,
            users,
            tokens == null ? "nil" : "\"" + tokens + "\"",
            seed,
            bare,
            name().toLowerCase(Locale.ROOT));
  }
}
