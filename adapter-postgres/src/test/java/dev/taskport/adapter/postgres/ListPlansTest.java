package dev.taskport.adapter.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Search;
import dev.taskport.domain.Tags;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskTrash;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What lists cost on a large table of users of very different sizes, as the server tells it: with
 * and without statistics, planned for the values and for any values.
 */
@Tag("full")
class ListPlansTest {
  private static final Instant LATE = Instant.parse("2029-01-01T01:00:00Z");
  private static final TaskId LOWEST = new TaskId(new UUID(0, 0));

  private static final PGSimpleDataSource DATABASE = TestDatabase.migrated();

  private static final List<Person> USERS =
      List.of(
          new Person("large", 500_000), new Person("middle-7", 1000), new Person("small-7", 10));

  private static final List<TaskFilter> STATES =
      List.of(TaskFilter.ALL, completed(true), completed(false));

  private static final Set<String> WALKS_ALONG_AN_INDEX =
      Set.of(
          "Limit",
          "Merge Append",
          "Subquery Scan",
          "Index Scan",
          "Index Scan Backward",
          "Result",
          "Append"); // the mark and the page

  /** Pages of several users. */
  private static final Set<String> TOGETHER = Set.of("Nested Loop", "Function Scan");

  /** Those with a due date, then those without one: of a page's tasks, nothing else is sorted. */
  private static final Set<String> PUTS_TWO_PARTS_TOGETHER =
      Set.of("CTE Scan", "Aggregate", "Sort");

  private static final Pattern NODE =
      Pattern.compile("^ *(?:-> +)?([A-Z][A-Za-z ]*?)(?: using .*| on .*)? +\\(cost=");

  private static final Pattern INDEX = Pattern.compile(" using (\\w+) on ");

  private static final Pattern BUFFERS =
      Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

  private Connection connection;

  @BeforeAll
  static void fill() {
    TestDatabase.execute(
        DATABASE,
        """
        ALTER TABLE tasks DISABLE TRIGGER USER;
        INSERT INTO tasks (change_number, user_id, id, title, description, completed, created_at,
          updated_at, due_date, due_all_day)
        SELECT n, user_id, md5(user_id || n)::uuid, title, 'About ' || n, n % 3 = 0,
          timestamptz '2026-01-01Z' + n * interval '1 minute',
          timestamptz '2029-01-01Z' + (n::bigint * 7919 % 86400) * interval '1 second',
          CASE WHEN n % 5 < 3
            THEN timestamptz '2026-01-01Z' + (n::bigint * 7919 % 1000) * interval '1 day' END,
          n % 5 < 2
        FROM (SELECT 'large', n FROM generate_series(1, 500000) n
          UNION ALL SELECT 'middle-' || n % 200, n FROM generate_series(1, 200000) n
          UNION ALL SELECT 'small-' || n % 20000, n FROM generate_series(1, 200000) n
        ) AS users (user_id, n), LATERAL (SELECT
          (array['Buy', 'buy', 'Call', 'Éclair', 'zoo', 'Write'])[1 + n % 6]
            || ' ' || n::bigint * 7919 % 1000003) AS titles (title);
        ALTER TABLE tasks ENABLE TRIGGER USER;
        INSERT INTO change_logs SELECT user_id, max(change_number) FROM tasks GROUP BY user_id;
        INSERT INTO forgotten_changes SELECT user_id, 0 FROM change_logs;
        INSERT INTO deleted_tasks
        SELECT user_id, md5('deleted ' || n)::uuid, n, now(),
          CASE WHEN n % 10 = 0 THEN content END
        FROM (SELECT 'large', n FROM generate_series(1, 300000) n
          UNION ALL SELECT 'middle-' || n % 200, n FROM generate_series(1, 100000) n
        ) AS users (user_id, n),
        (SELECT to_jsonb(tasks) FROM tasks LIMIT 1) AS sample (content)""");
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = DATABASE.getConnection();
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyPageOfTheGuaranteedShapesIsAWalkAlongAnIndexNoLongerThanThePage(boolean analyzed)
      throws SQLException {
    setStatistics(analyzed);
    int plans = 0;
    for (String planning : List.of("force_custom_plan", "force_generic_plan")) {
      execute("SET plan_cache_mode = " + planning);
      for (Person person : USERS) {
        UserId user = person.id();
        for (TaskFilter filter : STATES) {
          for (TaskOrder order : ordersOfIndexes()) {
            for (PageStart start : starts(person, filter, order)) {
              for (int limit : List.of(51, 1001)) {
                TaskQuery query = new TaskQuery(filter, order, start, limit);
                assertWalksAlongAnIndex(user, query);
                plans++;
              }
            }
          }
        }
      }
    }
    assertEquals(2 * 3 * 3 * 8 * 4 * 2, plans);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anOffsetReadsWhatItLeavesOutAndNoMore(boolean analyzed) throws SQLException {
    setStatistics(analyzed);
    TaskQuery query = TaskQuery.newest(50).from(new PageStart.Offset(10_000));

    Plan plan = explain(marked(query));

    assertTrue(WALKS_ALONG_AN_INDEX.containsAll(plan.nodes()), plan.text());
    assertTrue(plan.pages() <= 10_050 * 5 / 4, plan.text());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSummaryAndACountOfAStateReadAnIndexOnly(boolean analyzed) throws SQLException {
    setStatistics(analyzed);
    for (Person person : USERS) {
      UserId user = person.id();
      List<ListStatement> statements = new ArrayList<>();
      statements.add(ListStatement.summary(user));
      STATES.forEach(filter -> statements.add(ListStatement.count(user, filter)));
      for (ListStatement statement : statements) {
        Plan plan = explain(statement);
        assertTrue(plan.nodes().contains("Index Only Scan"), plan.text());
        assertTrue(
            Set.of("Aggregate", "Limit", "Result", "Index Only Scan").containsAll(plan.nodes()),
            plan.text());
        assertTrue(plan.pages() <= person.tasks() / 50 + 20, plan.text());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whateverIsCombinedReadsTheUsersOwnRowsOnly(boolean analyzed) throws SQLException {
    setStatistics(analyzed);
    UserId user = UserId.parse("middle-7");
    Instant time = Instant.parse("2026-06-01T00:00:00Z");
    for (Search search :
        List.of(Search.parse("a"), Search.parse("\u00E9CLAIR 9"), Search.parse("no"))) {
      for (TaskFilter filter :
          List.of(
              new TaskFilter(null, search, null, null, null, null),
              new TaskFilter(true, search, time, null, time, null),
              new TaskFilter(null, search, null, time, null, time),
              content(Set.of(Priority.HIGH), Tags.parse("work,home"), time, time, false),
              content(Set.of(), Tags.NONE, null, null, true))) {
        for (TaskOrder order : orders()) {
          TaskQuery query = new TaskQuery(filter, order, PageStart.FIRST, 51);
          assertReadsOwnRowsOnly(explain(ListStatement.page(user, query).marked(user)));
        }
        assertReadsOwnRowsOnly(explain(ListStatement.count(user, filter)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPageOfTheChangeLogCostsWhatItsEntriesCost(boolean analyzed) throws SQLException {
    setStatistics(analyzed);
    for (String planning : List.of("force_custom_plan", "force_generic_plan")) {
      execute("SET plan_cache_mode = " + planning);
      for (Person person : USERS) {
        for (long number : new long[] {-1, 0, person.tasks() / 2, person.tasks(), 1_000_000}) {
          SyncPoint since = new SyncPoint(Instant.EPOCH, number, LOWEST, number);
          for (long rows : new long[] {2, 101, 1001}) {
            Plan plan = explain(PostgresTaskChangeLog.reading(person.id(), since, rows));
            assertTrue(plan.text().contains("using tasks_by_change"), plan.text());
            assertTrue(plan.text().contains("using deleted_tasks_by_change"), plan.text());
            assertTrue(plan.nodes().stream().noneMatch(node -> node.contains("Seq")), plan.text());
            // Both tables are read up to the limit.
            assertTrue(plan.pages() <= 2 * rows * 5 / 4 + 30, plan.text());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPageOfTheTrashCostsWhatItsTasksCost(boolean analyzed) throws SQLException {
    setStatistics(analyzed);
    for (Person person : USERS) {
      for (long before : new long[] {person.tasks() / 2, TaskTrash.NEWEST}) {
        Plan plan = explain(PostgresTaskTrash.listing(person.id(), "PT720H", before, 51));
        assertTrue(plan.text().contains("deleted_tasks_restorable"), plan.text());
        assertTrue(plan.pages() <= 51 * 5 / 4 + 20, plan.text());
      }
    }
  }

  @Test
  void noIndexIsThereThatServesNoShape() throws SQLException {
    setStatistics(true);
    Set<String> used = new TreeSet<>(Set.of("tasks_primary_key", "tasks_by_change"));
    for (TaskOrder order : ordersOfIndexes()) {
      TaskQuery query = new TaskQuery(TaskFilter.ALL, order, PageStart.FIRST, 51);
      String plan = explain(marked(query)).text();
      INDEX
          .matcher(plan)
          .results()
          .map(index -> index.group(1))
          .filter(index -> index.startsWith("tasks_"))
          .forEach(used::add);
    }

    assertEquals(
        TestDatabase.query(
            DATABASE,
            "SELECT string_agg(relname, ' ' ORDER BY relname COLLATE \"C\") FROM pg_class"
                + " WHERE oid IN"
                + " (SELECT indexrelid FROM pg_index WHERE indrelid = 'tasks'::regclass)"),
        String.join(" ", used));
  }

  private void assertWalksAlongAnIndex(UserId user, TaskQuery query) throws SQLException {
    Plan plan = explain(ListStatement.page(user, query).marked(user));
    Set<String> nodes = new HashSet<>(plan.nodes());
    if (query.order().key() == TaskOrder.Key.DUE_DATE) {
      nodes.removeAll(PUTS_TWO_PARTS_TOGETHER);
    }
    assertTrue(WALKS_ALONG_AN_INDEX.containsAll(nodes), query + "\n" + plan.text());
    // A page of the table for each task, some of the index, and the way down to these.
    assertTrue(plan.pages() <= query.limit() * 5 / 4 + 20, query + "\n" + plan.text());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pagesOfSeveralUsersTogetherCostWhatTheyCostAlone(boolean analyzed) throws SQLException {
    setStatistics(analyzed);
    for (String planning : List.of("force_custom_plan", "force_generic_plan")) {
      execute("SET plan_cache_mode = " + planning);
      for (TaskOrder order : ordersOfIndexes()) {
        for (int start : new int[] {0, 1, 3}) {
          List<ListStatement> pages = new ArrayList<>();
          for (Person person : USERS) {
            PageStart from = starts(person, TaskFilter.ALL, order).get(start);
            TaskQuery query = new TaskQuery(TaskFilter.ALL, order, from, 51);
            pages.add(ListStatement.page(person.id(), query).marked(person.id()));
          }
          Plan plan = explain(together(pages));
          Set<String> nodes = new HashSet<>(plan.nodes());
          nodes.removeAll(TOGETHER);
          if (order.key() == TaskOrder.Key.DUE_DATE) {
            nodes.removeAll(PUTS_TWO_PARTS_TOGETHER);
          }
          assertTrue(WALKS_ALONG_AN_INDEX.containsAll(nodes), order + "\n" + plan.text());
          assertTrue(plan.pages() <= USERS.size() * (51L * 5 / 4 + 20), order + "\n" + plan.text());
        }
      }
    }
  }

  /** With an array of the values of all pages for each parameter. */
  private static ListStatement together(List<ListStatement> pages) {
    List<Object> arrays = new ArrayList<>();
    for (int i = 0; i < pages.get(0).arguments().size(); i++) {
      int place = i;
      arrays.add(
          pages.stream()
              .map(page -> "\"" + page.arguments().get(place) + "\"")
              .collect(Collectors.joining(",", "{", "}")));
    }
    return new ListStatement(pages.get(0).together(), arrays, false);
  }

  private static void assertReadsOwnRowsOnly(Plan plan) {
    assertTrue(plan.nodes().stream().noneMatch(node -> node.contains("Seq Scan")), plan.text());
    assertTrue(plan.pages() <= 1000 * 5 / 4 + 20, plan.text());
  }

  private void setStatistics(boolean analyzed) throws SQLException {
    for (String table : List.of("tasks", "change_logs", "deleted_tasks", "forgotten_changes")) {
      execute("VACUUM ANALYZE " + table);
      if (!analyzed) {
        TestDatabase.execute(
            superuser(),
            "DELETE FROM pg_statistic WHERE starelid = '%s.%s'::regclass"
                .formatted(DATABASE.getCurrentSchema(), table));
      }
    }
  }

  private static ListStatement marked(TaskQuery query) {
    UserId user = UserId.parse("large");
    return ListStatement.page(user, query).marked(user);
  }

  private static PGSimpleDataSource superuser() {
    PGSimpleDataSource superuser = TestDatabase.superuser();
    superuser.setDatabaseName(DATABASE.getDatabaseName());
    return superuser;
  }

  /** The beginning, the beginning said as an offset, the middle, and what is left after the end. */
  private List<PageStart> starts(Person person, TaskFilter filter, TaskOrder order)
      throws SQLException {
    UserId user = person.id();
    return List.of(
        PageStart.FIRST,
        new PageStart.After(position(user, filter, order, person.tasks() / 6)),
        new PageStart.After(position(user, filter, order, person.tasks() / 4)),
        new PageStart.After(
            switch (order.key()) {
              case CREATED_AT -> new Position.ByCreatedAt(LATE, LOWEST);
              case UPDATED_AT -> new Position.ByUpdatedAt(LATE, LOWEST);
              case TITLE -> new Position.ByTitle("m", LOWEST);
              case DUE_DATE -> new Position.ByDueDate(null, LOWEST);
              case PRIORITY -> throw new AssertionError("No index serves it");
            }));
  }

  private Position position(UserId user, TaskFilter filter, TaskOrder order, int past)
      throws SQLException {
    ListStatement there =
        ListStatement.page(user, new TaskQuery(filter, order, new PageStart.Offset(past), 1));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(withValues(there))) {
      row.next();
      return order.positionOf(TaskRow.read(user, row));
    }
  }

  private Plan explain(ListStatement statement) throws SQLException {
    StringBuilder sql = new StringBuilder();
    int parameters = 0;
    for (char c : statement.sql().toCharArray()) {
      sql.append(c == '?' ? "$" + ++parameters : String.valueOf(c));
    }
    execute("DEALLOCATE ALL");
    execute("PREPARE explained AS " + sql);
    List<String> values = statement.arguments().stream().map(ListPlansTest::literal).toList();
    List<String> lines = new ArrayList<>();
    try (Statement explain = connection.createStatement();
        ResultSet rows =
            explain.executeQuery(
                "EXPLAIN (ANALYZE, BUFFERS) EXECUTE explained("
                    + String.join(", ", values)
                    + ")")) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
    return Plan.of(lines);
  }

  private static String withValues(ListStatement statement) {
    String sql = statement.sql();
    for (Object argument : statement.arguments()) {
      sql = sql.replaceFirst("\\?", Matcher.quoteReplacement(literal(argument)));
    }
    return sql;
  }

  private static String literal(Object value) {
    return value instanceof Number ? value.toString() : "'" + value + "'";
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static TaskFilter completed(boolean completed) {
    return new TaskFilter(completed, null, null, null, null, null);
  }

  private static TaskFilter content(
      Set<Priority> priorities,
      Tags tags,
      @Nullable Instant dueAfter,
      @Nullable Instant dueBefore,
      boolean withoutDueDate) {
    return new TaskFilter(
        null, null, null, null, null, null, priorities, tags, dueAfter, dueBefore, withoutDueDate);
  }

  private static List<TaskOrder> orders() {
    List<TaskOrder> orders = new ArrayList<>();
    for (TaskOrder.Key key : TaskOrder.Key.values()) {
      for (TaskOrder.Direction direction : TaskOrder.Direction.values()) {
        orders.add(new TaskOrder(key, direction));
      }
    }
    return orders;
  }

  private static List<TaskOrder> ordersOfIndexes() {
    return orders().stream().filter(order -> order.key() != TaskOrder.Key.PRIORITY).toList();
  }

  private record Person(String name, int tasks) {
    UserId id() {
      return UserId.parse(name);
    }
  }

  /**
   * What the server says that it did.
   *
   * @param nodes the kinds of its steps
   * @param pages how many pages it looked at, cached or not
   */
  private record Plan(String text, Set<String> nodes, long pages) {
    static Plan of(List<String> lines) {
      Set<String> nodes = new HashSet<>();
      for (String line : lines) {
        Matcher node = NODE.matcher(line);
        if (node.find()) {
          nodes.add(node.group(1));
        }
      }
      // The first line about buffers is that of the outermost step, which holds all others.
      Matcher buffers = BUFFERS.matcher(String.join("\n", lines));
      assertTrue(buffers.find(), lines.toString());
      return new Plan(
          String.join("\n", lines), nodes, number(buffers.group(1)) + number(buffers.group(2)));
    }

    private static long number(@Nullable String digits) {
      return digits == null ? 0 : Long.parseLong(digits);
    }
  }
}
