package dev.taskport.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** One kind of read, and what it has cost so far. */
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

  /** Reads some more times, and counts the pages. */
  void countPages() {
    int count = Math.min(READS_TO_COUNT, nanos.length);
    long before = store.pagesRead();
    for (int i = 0; i < count; i++) {
      read();
    }
    pages = (double) (store.pagesRead() - before) / count;
  }

  /** What several kinds of reads have cost together. */
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
   * What reads cost.
   *
   * @param median in milliseconds
   * @param p99 in milliseconds; 1 % took longer
   * @param pages of 8 KB that were read from PostgreSQL's cache or past it, per read
   * @param mostPages the same of the kind of read that read the most
   */
  record Cost(double median, double p99, double pages, double mostPages) {}
}
