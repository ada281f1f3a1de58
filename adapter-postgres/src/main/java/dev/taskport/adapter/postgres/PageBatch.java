package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Operation;
import dev.taskport.adapter.postgres.batch.Work;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.pipeline.PipelinedRead;
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
  private final String sql;
  private final PipelinedRead<Page, MarkedTasks> pipelined;

  /**
   * @param page any page of this kind of list
   */
  PageBatch(Statements statements, ListStatement page) {
    this.statements = statements;
    parameters = page.parameters();
    sql = page.together();
    pipelined =
        new PipelinedRead<>(
            page.sql(),
            sql,
            parameters.types(),
            most(),
            asked -> asked.statement().arguments(),
            Pages::new);
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
            parameters.arrays(pages.stream().map(page -> page.statement().arguments()).toList()),
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

  @Override
  public PipelinedRead<Page, MarkedTasks> pipelined() {
    return pipelined;
  }

  /** The pages, as their rows come. */
  private static final class Pages implements PipelinedRead.Answer<MarkedTasks> {
    private final List<Rows> pages;

    Pages(List<Page> asked) {
      pages = asked.stream().map(page -> new Rows(page.user())).toList();
    }

    @Override
    public void add(int place, WireRow row) {
      pages.get(place).add(row);
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
