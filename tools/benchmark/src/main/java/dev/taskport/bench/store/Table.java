package dev.taskport.bench.store;

import dev.taskport.application.GetTask;
import dev.taskport.application.ListTasks;
import dev.taskport.application.SummarizeTasks;
import dev.taskport.bench.server.Progress;
import dev.taskport.bench.store.Population.Kind;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Search;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A filled table, and the reads that are measured on it. */
final class Table implements AutoCloseable {
  static final int PAGE_SIZE = 50;
  private static final int PLACES_IN_THE_MIDDLE = 50;
  private static final int OFFSET = 10_000;

  private final Population population;
  private final Store store;
  private final int times;
  private final ListTasks listTasks;
  private final Map<Cell, Probe> pages = new LinkedHashMap<>();
  private final Map<String, Probe> others = new LinkedHashMap<>();

  /** A page of a list, by kind of user, place and shape. */
  record Cell(Kind kind, Place place, Shape shape) {}

  /**
   * @param times how often each page is read
   */
  Table(Population population, Store store, int times) {
    this.population = population;
    this.store = store;
    this.times = times;
    this.listTasks = store.useCase(ListTasks.class);
    for (Kind kind : Kind.values()) {
      addPages(kind);
      addOthers(kind);
    }
    if (population.sizeOfLargest() > OFFSET) {
      UserId user = population.sample(Kind.LARGEST).get(0);
      TaskQuery query = TaskQuery.newest(PAGE_SIZE).from(new PageStart.Offset(OFFSET));
      add(
          "newest first, `offset=%,d`, user of %,d".formatted(OFFSET, population.sizeOfLargest()),
          Math.max(times / 10, 1),
          List.of(() -> readPage(user, query, PAGE_SIZE)));
    }
  }

  Population population() {
    return population;
  }

  /** By the page. */
  Map<Cell, Probe> pages() {
    return pages;
  }

  /** By what is read. */
  Map<String, Probe> others() {
    return others;
  }

  /** The places that a list of this user's size has. */
  static List<Place> places(Kind kind) {
    return kind == Kind.SMALL ? List.of(Place.FIRST) : List.of(Place.values());
  }

  private void addPages(Kind kind) {
    Map<Cell, List<Runnable>> reads = new LinkedHashMap<>();
    for (UserId user : population.sample(kind)) {
      for (TaskOrder.Key key : Shape.keys()) {
        long begin = System.nanoTime();
        Walk walk = new Walk(listTasks, user, key);
        if (walk.tasks() != population.size(kind)) {
          throw new IllegalStateException(
              "%s has %d tasks, not %d".formatted(user, walk.tasks(), population.size(kind)));
        }
        if (kind == Kind.LARGEST) {
          Progress.say(
              "walked through %,d tasks by %s, %,d a page, in %.1f s",
              walk.tasks(), key, Walk.STEP, (System.nanoTime() - begin) / 1e9);
        }
        for (Shape shape : Shape.all()) {
          if (shape.order().key() == key) {
            for (Place place : places(kind)) {
              int several = kind == Kind.LARGEST ? PLACES_IN_THE_MIDDLE : 1;
              List<Runnable> list =
                  reads.computeIfAbsent(new Cell(kind, place, shape), cell -> new ArrayList<>());
              for (PageStart start : walk.starts(shape, place, PAGE_SIZE, several)) {
                TaskQuery query = new TaskQuery(shape.filter(), shape.order(), start, PAGE_SIZE);
                int least = kind == Kind.SMALL ? 0 : PAGE_SIZE;
                list.add(() -> readPage(user, query, least));
              }
            }
          }
        }
      }
    }
    reads.forEach((cell, list) -> pages.put(cell, new Probe(store, list, times)));
  }

  private void addOthers(Kind kind) {
    GetTask getTask = store.useCase(GetTask.class);
    SummarizeTasks summarizeTasks = store.useCase(SummarizeTasks.class);
    List<Runnable> finds = new ArrayList<>();
    List<Runnable> summaries = new ArrayList<>();
    List<Runnable> searches = new ArrayList<>();
    TaskFilter nowhere = new TaskFilter(null, Search.parse("zzz"), null, null, null, null);
    TaskQuery search = new TaskQuery(nowhere, TaskOrder.NEWEST_FIRST, PageStart.FIRST, PAGE_SIZE);
    for (UserId user : population.sample(kind)) {
      Task task = listTasks.list(user, TaskQuery.newest(1)).tasks().get(0);
      finds.add(() -> check(getTask.get(user, task.id()).toCompletableFuture().join().isPresent()));
      summaries.add(() -> check(summarizeTasks.summarize(user).total() == population.size(kind)));
      searches.add(() -> check(listTasks.list(user, search).tasks().isEmpty()));
    }
    String ofUser = ", user of %,d".formatted(population.size(kind));
    add("one task by its id" + ofUser, times, finds);
    // The cost of these grows with the user's tasks.
    boolean large = kind == Kind.LARGEST;
    add("summary" + ofUser, large ? Math.max(times / 10, 1) : times, summaries);
    add(
        "search without a find" + ofUser,
        large ? Math.max(times / 200, 1) : Math.max(times / 10, 1),
        searches);
  }

  private void add(String name, int number, List<Runnable> reads) {
    others.put(name, new Probe(store, reads, number));
  }

  private void readPage(UserId user, TaskQuery query, int least) {
    int size = listTasks.list(user, query).tasks().size();
    check(size >= least && size <= PAGE_SIZE);
  }

  private static void check(boolean asExpected) {
    if (!asExpected) {
      throw new IllegalStateException(
          "The table has changed since it was filled: drop it and fill it again");
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
