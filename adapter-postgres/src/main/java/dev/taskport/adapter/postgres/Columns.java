package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.database.Statements.ArrayOf;
import dev.taskport.adapter.postgres.pipeline.PipelinedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values of several operations, which one statement takes as an array for each column. So its
 * text and the types of its parameters are the same for any number of operations.
 */
record Columns(List<String> names, List<String> types) {
  static final Columns NONE = new Columns(List.of(), List.of());

  /** By their definitions, as in {@code title text, completed boolean}. */
  static Columns of(String definitions) {
    List<String[]> columns = Stream.of(definitions.split(", ")).map(d -> d.split(" ")).toList();
    return new Columns(
        columns.stream().map(column -> column[0]).toList(),
        columns.stream().map(column -> column[1]).toList());
  }

  /** These columns, and then the others. */
  Columns and(Columns others) {
    return new Columns(
        Stream.concat(names.stream(), others.names.stream()).toList(),
        Stream.concat(types.stream(), others.types.stream()).toList());
  }

  /**
   * The table {@code asked}, with a row for each operation; its parameters are {@link #arrays}. The
   * column {@code n} is the operation's place, from 1 on.
   */
  String asked() {
    return "unnest("
        + types.stream().map(Columns::array).collect(Collectors.joining(", "))
        + ") WITH ORDINALITY AS asked ("
        + String.join(", ", names)
        + ", n)";
  }

  /**
   * A parameter that is an array. In a query of its own, because PostgreSQL must not see how many
   * elements it has: it would plan the statement anew each time that there are fewer than ten.
   */
  static String array(String type) {
    return "(SELECT ?::" + type + "[])";
  }

  /** The types of {@link #arrays}. */
  List<String> arrayTypes() {
    return types.stream().map(type -> type + "[]").toList();
  }

  /** The columns of the table {@code asked}. */
  String ofAsked() {
    return names.stream().map(name -> "asked." + name).collect(Collectors.joining(", "));
  }

  /**
   * What reads these values: for one operation by the first statement, for several by the other,
   * whose parameters are {@link #arrays}.
   */
  <R> PipelinedStatement<R> statement(
      String alone, String together, List<List<Object>> rows, PipelinedStatement.Answer<R> answer) {
    return rows.size() == 1
        ? new PipelinedStatement<>(alone, types, rows.get(0), answer)
        : new PipelinedStatement<>(together, arrayTypes(), arrays(rows), answer);
  }

  /** The values of the operations, which come row by row. */
  List<ArrayOf> arrays(List<? extends List<? extends @Nullable Object>> rows) {
    List<ArrayOf> arrays = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      List<@Nullable Object> values = new ArrayList<>(rows.size());
      for (List<? extends @Nullable Object> row : rows) {
        values.add(row.get(column));
      }
      arrays.add(new ArrayOf(types.get(column), values));
    }
    return arrays;
  }
}
