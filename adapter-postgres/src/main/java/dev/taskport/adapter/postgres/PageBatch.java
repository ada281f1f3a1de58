package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Operation;
import dev.taskport.adapter.postgres.batch.Work;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.pipeline.PipelinedStatement;
import dev.taskport.adapter.postgres.pipeline.WireRow;
import dev.taskport.domain.Task;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.MarkedTasks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads several pages of the same kind of list, of any users, by one statement. */
final class PageBatch implements Work<PageBatch.Page, MarkedTasks> {
  private final Statements statements;
  private final Columns parameters;
  private final String alone;
  private final String sql;

  /**
   * @param page any page of this kind of list
   */
  PageBatch(Statements statements, ListStatement page) {
    this.statements = statements;
    parameters = page.parameters();
    alone = page.sql();
    sql = page.together();
  }

  /**
   * A page that is asked for.
   *
   * @param statement with the mark; the same text for all pages of this kind
   */
  record Page(UserId user, ListStatement statement) implements Operation {
    @Override
    public @Nullable Object target() {
      return null;
    }
  }

  @Override
  public MarkedTasks alone(Page page) {
    return alone(statements, page);
  }

  /** Reads a page by a statement of its own. */
  static MarkedTasks alone(Statements statements, Page page) {
    Rows rows = new Rows(page.user());
    var unused =
        statements.repeatable(page.statement().sql(), page.statement().arguments(), rows::add);
    return rows.page();
  }

  @Override
  public List<@Nullable MarkedTasks> together(List<Page> pages, Runnable answered) {
    List<Rows> results = pages.stream().map(page -> new Rows(page.user())).toList();
    var unused =
        statements.once(
            sql,
            parameters.arrays(values(pages)),
            answered,
            row -> results.get(row.getInt(TaskRow.NUMBER_OF_COLUMNS + 1) - 1).add(row));
    List<@Nullable MarkedTasks> read = new ArrayList<>();
    results.forEach(rows -> read.add(rows.page()));
    return read;
  }

  /** The driver holds all rows of a statement at once. */
  @Override
  public int most() {
    return 16;
  }

  private static List<List<Object>> values(List<Page> pages) {
    return pages.stream().map(page -> page.statement().arguments()).toList();
  }

  @Override
  public PipelinedStatement<MarkedTasks> statement(List<Page> pages) {
    return parameters.statement(alone, sql, values(pages), new Pages(pages));
  }

  @Override
  public boolean isWrite() {
    return false;
  }

  /** The pages, as their rows come. */
  private static final class Pages implements PipelinedStatement.Answer<MarkedTasks> {
    private final List<Rows> pages;

    Pages(List<Page> asked) {
      pages = asked.stream().map(page -> new Rows(page.user())).toList();
    }

    @Override
    public void add(WireRow row) {
      pages.get(pages.size() == 1 ? 0 : row.place()).add(row);
    }

    @Override
    public List<MarkedTasks> results() {
      return pages.stream().map(Rows::page).toList();
    }
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  /** The rows of one page, in their order. */
  private static final class Rows {
    private final UserId user;
    private final List<Task> tasks = new ArrayList<>();
    private LogMark mark = LogMark.NONE;

    Rows(UserId user) {
      this.user = user;
    }

    boolean add(ResultSet row) throws SQLException {
      if (TaskRow.isMark(row)) {
        mark = TaskRow.mark(row);
      } else {
        tasks.add(TaskRow.read(user, row));
      }
      return true;
    }

    void add(WireRow row) {
      if (TaskRow.isMark(row)) {
        mark = TaskRow.mark(row);
      } else {
        tasks.add(TaskRow.read(user, row));
      }
    }

    MarkedTasks page() {
      return new MarkedTasks(tasks, mark);
    }
  }
}
