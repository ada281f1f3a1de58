package dev.taskport.bench.http;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a work costs.
 *
 * @param rate answers per second
 * @param p99 the 99th percentile of their time, in milliseconds
 * @param service microseconds of the service's CPU for each request
 * @param database microseconds of PostgreSQL's CPU for each request
 */
record Cost(double rate, double p99, double service, double database) {

  /** The medians, each of its own. */
  static Cost median(List<Cost> costs) {
    return new Cost(
        median(costs, Cost::rate),
        median(costs, Cost::p99),
        median(costs, Cost::service),
        median(costs, Cost::database));
  }

  private static double median(List<Cost> costs, ToDoubleFunction<Cost> part) {
    double[] sorted = costs.stream().mapToDouble(part).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** As a cell of a table. */
  @Override
  public String toString() {
    return "%,.0f/s, p99 %s ms; %.0f + %.0f µs"
        .formatted(
            rate, p99 < 10 ? "%.1f".formatted(p99) : "%.0f".formatted(p99), service, database);
  }
}
