package dev.taskport.bench.store;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.application.CompleteTask;
import dev.taskport.application.CreateTask;
import dev.taskport.application.TaskDraft;
import dev.taskport.bench.server.Progress;
import dev.taskport.bench.server.Server;
import dev.taskport.bench.store.Fill.Index;
import dev.taskport.bench.store.Population.Kind;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The cost of writes to a table with some of the indexes, which existed while the table grew.
 *
 * @param indexes the indexes besides the primary key
 * @param insertRate rows per second in one bulk insert
 * @param insertWal bytes of WAL per row of the bulk insert
 * @param indexSize bytes of all indexes per row, after the bulk insert
 * @param create the cost of creating a task through the use case
 * @param toggle the cost of toggling a task
 */
record IndexCost(
    String indexes,
    double insertRate,
    double insertWal,
    double indexSize,
    Write create,
    Write toggle) {
  private static final long MOST_ROWS = 1_000_000;
  private static final int WRITES = 4_000;
  private static final LocalDate FIRST_DUE = LocalDate.parse("2025-01-01");

  /**
   * The cost of a single write.
   *
   * @param millis the median time
   * @param wal bytes of WAL per write
   */
  record Write(double millis, double wal) {}

  /** The table's size, when the largest of the other tables has this many rows. */
  static long rows(long largestTable) {
    return Math.min(largestTable, MOST_ROWS);
  }

  static List<IndexCost> measure(Server server, long rows) throws SQLException {
    Population population = new Population(rows);
    List<IndexCost> costs = new ArrayList<>();
    String schema = "bench_writes";
    DatabaseAddress address = server.newSchema(schema);
    new Migrations(address.dataSource()).migrate();
    try (Connection connection = address.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      List<Index> secondary =
          Index.ofTasks(statement).stream().filter(index -> !index.isPrimary()).toList();
      List<List<Index>> choices =
          Stream.of(
                  Stream.of(List.<Index>of()),
                  secondary.stream().map(List::of),
                  Stream.of(secondary))
              .flatMap(choice -> choice)
              .toList();
      for (List<Index> choice : choices) {
        Progress.say("writing with indexes: %s", name(choice, secondary));
        statement.execute("TRUNCATE tasks");
        for (Index index : Index.ofTasks(statement)) {
          if (!index.isPrimary()) {
            statement.execute(index.drop());
          }
        }
        // Created before the rows, because an index that has grown is larger than a newly built
        // one.
        for (Index index : choice) {
          statement.execute(index.create());
        }
        Fill.insert(connection, population, 0, before(population));
        statement.execute("VACUUM (ANALYZE) tasks");
        costs.add(measure(address, connection, statement, population, name(choice, secondary)));
      }
    }
    server.drop(schema);
    return costs;
  }

  private static IndexCost measure(
      DatabaseAddress address,
      Connection connection,
      Statement statement,
      Population population,
      String name)
      throws SQLException {
    long wal = wal(statement);
    long begin = System.nanoTime();
    Fill.insert(connection, population, before(population), population.rows());
    double seconds = (System.nanoTime() - begin) / 1e9;
    long inserted = population.rows() - before(population);
    double insertWal = (double) (wal(statement) - wal) / inserted;
    double size = number(statement, "SELECT pg_indexes_size('tasks')") / (double) population.rows();
    // Without waiting for the disk, whose latency doesn't depend on the indexes.
    DatabaseAddress unsynced = Server.with("options=-csynchronous_commit%3Doff", address);
    try (Store store = Store.on(unsynced)) {
      CreateTask createTask = store.useCase(CreateTask.class);
      CompleteTask completeTask = store.useCase(CompleteTask.class);
      UserId user = population.sample(Kind.LARGEST).get(0);
      List<TaskId> tasks = new ArrayList<>();
      IntConsumer create =
          i -> {
            TaskDraft draft =
                new TaskDraft(
                    null,
                    TaskChange.Edit.NOTHING
                        .withDueDate(
                            i % 2 == 0 ? null : new DueDate.OnDate(FIRST_DUE.plusDays(i % 1000)))
                        .appliedTo(
                            TaskContent.titled(
                                Title.parse((char) ('A' + i * 7 % 26) + " letter " + i))));
            CreateResult result = createTask.create(user, draft, null).toCompletableFuture().join();
            tasks.add(
                result.match(
                    created -> created.task().id(),
                    replayed -> notCreated(replayed),
                    keyReused -> notCreated(keyReused),
                    exists -> notCreated(exists)));
          };
      IntConsumer toggle =
          i ->
              completeTask
                  .complete(
                      user,
                      tasks.get(i % tasks.size()),
                      new TaskChange.ToggleCompleted(),
                      new Precondition.None())
                  .toCompletableFuture()
                  .join();
      return new IndexCost(
          name,
          inserted / seconds,
          insertWal,
          size,
          writes(statement, create),
          writes(statement, toggle));
    }
  }

  private static TaskId notCreated(CreateResult result) {
    throw new IllegalStateException("The task was not created: " + result);
  }

  /**
   * The first half is not counted, because the first change of each page writes the whole page to
   * the WAL.
   */
  private static Write writes(Statement statement, IntConsumer write) throws SQLException {
    for (int i = 0; i < WRITES; i++) {
      write.accept(i);
    }
    long wal = wal(statement);
    double[] nanos =
        IntStream.range(0, WRITES)
            .mapToDouble(
                i -> {
                  long begin = System.nanoTime();
                  write.accept(i);
                  return System.nanoTime() - begin;
                })
            .toArray();
    double bytes = (double) (wal(statement) - wal) / WRITES;
    Arrays.sort(nanos);
    return new Write(nanos[WRITES / 2] / 1e6, bytes);
  }

  /** The number of rows before writes are measured. */
  private static long before(Population population) {
    return population.rows() / 10 * 9;
  }

  private static String name(List<Index> choice, List<Index> all) {
    if (choice.isEmpty()) {
      return "none";
    }
    return choice.size() == all.size() ? "all" : "`" + choice.get(0).name() + "`";
  }

  private static long wal(Statement statement) throws SQLException {
    return number(statement, "SELECT pg_current_wal_insert_lsn() - '0/0'");
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
