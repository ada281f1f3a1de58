package dev.taskport.bench.store;

import dev.taskport.bench.store.Population.Kind;
import dev.taskport.bench.store.Probe.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** The results as Markdown. */
final class Report {
  private final StringBuilder text = new StringBuilder();

  Report(String server) {
    line(
        "%s; JDK %s; %d processors (%s %s)",
        server,
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
  }

  void reads(List<Table> tables, int times) {
    line("");
    line(
        "Pages of %d tasks. Each cell: median / p99 in ms, 8 KB pages per read (most of any shape)."
            + " All 18 shapes together, %,d reads of each.",
        Table.PAGE_SIZE, times);
    line("");
    List<String> head = new ArrayList<>(List.of("User", "Page"));
    tables.forEach(table -> head.add("table of %,d".formatted(table.population().rows())));
    head(head);
    for (Kind kind : Kind.values()) {
      for (Place place : Table.places(kind)) {
        List<String> row = new ArrayList<>(List.of(user(tables, kind), word(place)));
        for (Table table : tables) {
          Cost cost =
              Probe.cost(
                  table.pages().entrySet().stream()
                      .filter(entry -> entry.getKey().kind() == kind)
                      .filter(entry -> entry.getKey().place() == place)
                      .map(entry -> entry.getValue())
                      .toList());
          row.add(cell(cost) + " (%.0f)".formatted(cost.mostPages()));
        }
        row(row);
      }
    }
    Table last = tables.get(tables.size() - 1);
    shapes(last);
    others(tables);
  }

  private void shapes(Table table) {
    line("");
    line("Each shape in the table of %,d:", table.population().rows());
    line("");
    List<Table.Cell> columns =
        Stream.of(Kind.values())
            .flatMap(
                kind ->
                    Table.places(kind).stream()
                        .map(place -> new Table.Cell(kind, place, Shape.all().get(0))))
            .toList();
    List<String> head = new ArrayList<>(List.of("List"));
    for (Table.Cell column : columns) {
      head.add(
          "user of %,d, %s"
              .formatted(table.population().size(column.kind()), word(column.place())));
    }
    head(head);
    for (Shape shape : Shape.all()) {
      List<String> row = new ArrayList<>(List.of(shape.toString()));
      for (Table.Cell column : columns) {
        Table.Cell cell = new Table.Cell(column.kind(), column.place(), shape);
        row.add(cell(Objects.requireNonNull(table.pages().get(cell)).cost()));
      }
      row(row);
    }
  }

  private void others(List<Table> tables) {
    line("");
    line("Other reads:");
    line("");
    head(List.of("Table", "Read", "median / p99 in ms, pages"));
    for (Table table : tables) {
      table
          .others()
          .forEach(
              (name, probe) ->
                  row(
                      List.of(
                          "%,d".formatted(table.population().rows()), name, cell(probe.cost()))));
    }
  }

  void indexes(long rows, List<IndexCost> costs) {
    line("");
    line("Writes to a table of %,d, by the indexes that it has beside the primary key:", rows);
    line("");
    head(
        List.of(
            "Indexes",
            "rows/s in bulk",
            "WAL a row in bulk",
            "all indexes' size a row",
            "create, ms",
            "WAL a create",
            "toggle, ms",
            "WAL a toggle"));
    for (IndexCost cost : costs) {
      row(
          List.of(
              cost.indexes(),
              "%,.0f".formatted(cost.insertRate()),
              "%,.0f B".formatted(cost.insertWal()),
              "%,.0f B".formatted(cost.indexSize()),
              "%.2f".formatted(cost.create().millis()),
              "%,.0f B".formatted(cost.create().wal()),
              "%.2f".formatted(cost.toggle().millis()),
              "%,.0f B".formatted(cost.toggle().wal())));
    }
  }

  private static String cell(Cost cost) {
    return "%.2f / %.2f, %.0f".formatted(cost.median(), cost.p99(), cost.pages());
  }

  private static String user(List<Table> tables, Kind kind) {
    List<String> sizes =
        tables.stream()
            .map(table -> "%,d".formatted(table.population().size(kind)))
            .distinct()
            .toList();
    return (kind == Kind.LARGEST ? "the largest, of " : "of ") + String.join(" / ", sizes);
  }

  private static String word(Place place) {
    return place.name().toLowerCase(Locale.ROOT);
  }

  private void head(List<String> names) {
    row(names);
    line("|%s", "---|".repeat(names.size()));
  }

  private void row(List<String> cells) {
    line("| %s |", String.join(" | ", cells));
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void line(String format, Object... arguments) {
    text.append(format.formatted(arguments)).append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
