package dev.taskport.bench.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux counts of processes, in {@code /proc}. Times are in clock ticks of 10 ms. */
final class Cpu {
  /** USER_HZ, the same on all current machines with Linux. */
  private static final double MICROSECONDS_PER_TICK = 10_000;

  private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");

  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

  private Cpu() {}

  /** The microseconds of CPU that the process has used so far. */
  static double ofProcess(long pid) {
    return ticks(pid, false) * MICROSECONDS_PER_TICK;
  }

  /** The same for a process and all its descendants, ended ones included. */
  static double ofTree(long root) {
    long ticks = 0;
    Deque<Long> left = new ArrayDeque<>(List.of(root));
    while (!left.isEmpty()) {
      long pid = left.pop();
      ticks += ticks(pid, true);
      left.addAll(children(pid));
    }
    return ticks * MICROSECONDS_PER_TICK;
  }

  /** The microseconds of CPU that the compilers of a Java process have used so far. */
  static double ofCompilers(long pid) {
    long ticks = 0;
    for (Path thread : threads(pid)) {
      String line = read(thread.resolve("stat"));
      if (COMPILER.matcher(line).find()) {
        String[] stat = fields(line);
        ticks += Long.parseLong(stat[11]) + Long.parseLong(stat[12]);
      }
    }
    return ticks * MICROSECONDS_PER_TICK;
  }

  /** The megabytes of memory in which the process is resident. */
  static double residentMegabytes(long pid) {
    Matcher resident = RESIDENT.matcher(read(Path.of("/proc/" + pid + "/status")));
    return resident.find() ? Long.parseLong(resident.group(1)) / 1024.0 : 0;
  }

  /** The process that started this one. */
  static long parent(long pid) {
    return Long.parseLong(stat(pid)[1]);
  }

  private static long ticks(long pid, boolean withEndedChildren) {
    String[] stat = stat(pid);
    if (stat.length < 15) {
      return 0; // it has ended meanwhile, and its parent's count has it
    }
    long own = Long.parseLong(stat[11]) + Long.parseLong(stat[12]);
    return withEndedChildren ? own + Long.parseLong(stat[13]) + Long.parseLong(stat[14]) : own;
  }

  /** The fields after the name, which may hold spaces; none of a process that has ended. */
  private static String[] stat(long pid) {
    return fields(read(Path.of("/proc/" + pid + "/stat")));
  }

  private static String[] fields(String line) {
    return line.isEmpty()
        ? new String[0]
        : line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
  }

  private static List<Long> children(long pid) {
    List<Long> children = new ArrayList<>();
    for (Path thread : threads(pid)) {
      for (String child : read(thread.resolve("children")).split(" ", -1)) {
        if (!child.isBlank()) {
          children.add(Long.parseLong(child.strip()));
        }
      }
    }
    return children;
  }

  private static List<Path> threads(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.toList();
    } catch (IOException e) {
      return List.of(); // it has ended
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
