package dev.taskport.bench.store;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** One kind of read, and its measured cost so far. */
final class Probe {
  private static final int READS_TO_COUNT = 50;

  private final Store store;
  private final List<Runnable> reads;
  private final long[] nanos;
  private int next;
  private double pages;

  /**
   * @param reads of the same kind in different places, done in turn
   * @param times how many are timed
   */
  Probe(Store store, List<Runnable> reads, int times) {
    this.store = store;
    this.reads = reads;
    this.nanos = new long[times];
  }

  int times() {
    return nanos.length;
  }

  void read() {
    reads.get(next++ % reads.size()).run();
  }

  /** Reads once, as the round-th time. */
  void time(int round) {
    long begin = System.nanoTime();
    read();
    nanos[round] = System.nanoTime() - begin;
  }

  /** Reads some more times, and counts the pages that are read. */
  void countPages() throws SQLException {
    int count = Math.min(READS_TO_COUNT, nanos.length);
    long before = store.pagesRead();
    for (int i = 0; i < count; i++) {
      read();
    }
    pages = (double) (store.pagesRead() - before) / count;
  }

  /** The total cost of several kinds of reads. */
  static Cost cost(Collection<Probe> probes) {
    long[] nanos = probes.stream().flatMapToLong(probe -> Arrays.stream(probe.nanos)).toArray();
    Arrays.sort(nanos);
    return new Cost(
        nanos[nanos.length / 2] / 1e6,
        nanos[(int) Math.ceil(nanos.length * 0.99) - 1] / 1e6,
        probes.stream().mapToDouble(probe -> probe.pages).average().orElseThrow(),
        probes.stream().mapToDouble(probe -> probe.pages).max().orElseThrow());
  }

  Cost cost() {
    return cost(List.of(this));
  }

  /**
   * The cost of reads.
   *
   * @param median in milliseconds
   * @param p99 in milliseconds; 1 % took longer
   * @param pages the number of 8 KB pages per read, from PostgreSQL's cache or not
   * @param mostPages the same for the kind of read with the most pages
   */
  record Cost(double median, double p99, double pages, double mostPages) {}
}
