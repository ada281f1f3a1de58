package dev.taskport.adapter.rest.list;

import static dev.taskport.testkit.SampleTasks.aTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.task.UserTasks;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walking through a list by nothing but its links. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListWalkTest {
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");

  private final InMemoryTaskRepository store = new InMemoryTaskRepository();
  private final TestService service = new TestService(store, Map.of());

  @AfterAll
  void stop() {
    service.close();
  }

  /** The ids of all tasks from a page on, in the order they came in. */
  private List<String> walk(String firstPage, int limit, Runnable afterEachPage) {
    List<String> ids = new ArrayList<>();
    String page = firstPage;
    while (!page.isEmpty()) {
      HttpResponse<String> answer = service.get(page);
      assertEquals(200, answer.statusCode(), answer.body());
      JsonNode tasks = OpenApiDocument.parse(answer.body());
      assertTrue(tasks.size() <= limit);
      tasks.forEach(task -> ids.add(task.path("id").asText()));
      Matcher next = NEXT.matcher(answer.headers().firstValue("Link").orElseThrow());
      page = next.find() ? next.group(1) : "";
      assertTrue(page.isEmpty() || tasks.size() == limit, "a short page in the middle");
      afterEachPage.run();
    }
    return ids;
  }

  private Task store(UserId user, Random random, String title) {
    // Few times and titles, so that many tasks are equal in what they are sorted by.
    Instant created = TestService.NOW.plusSeconds(random.nextInt(20));
    Task task =
        Task.stored(
            new TaskId(new UUID(random.nextLong(), random.nextLong())),
            user,
            aTask().called(title).described("described").content(),
            random.nextBoolean(),
            created,
            created.plusSeconds(random.nextInt(20)),
            1);
    store.putStored(task);
    return task;
  }

  static Stream<String> lists() {
    return Stream.of("created_at", "updated_at", "title")
        .flatMap(key -> Stream.of("asc", "desc").map(order -> "sort=" + key + "&order=" + order))
        .flatMap(order -> Stream.of(order, order + "&status=done", order + "&search=B%20o"));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void whatStaysIsSeenExactlyOnceWhateverOthersDo(String list) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    UserId user = UserId.parse("walker-" + UUID.randomUUID());
    IntStream.range(0, 200).forEach(i -> store(user, random, "Tab of " + i % 5));
    List<Task> others = new ArrayList<>();
    IntStream.range(0, 100).forEach(i -> others.add(store(user, random, "passing b of " + i % 5)));
    String path = UserTasks.named(user, "").path() + "?" + list;
    List<String> before = ids(path);
    others.forEach(other -> before.remove(other.id().toString()));

    List<String> seen = walk(path + "&limit=7", 7, () -> write(user, others, random));

    seen.retainAll(new HashSet<>(before));
    assertEquals(before, seen, "seed " + seed);
    assertFalse(before.isEmpty());
  }

  /** Adds, changes and removes tasks, all over the list. */
  private void write(UserId user, List<Task> others, Random random) {
    for (int i = 0; i < 3 && !others.isEmpty(); i++) {
      Task other = others.remove(random.nextInt(others.size()));
      store(user, random, "added b of 3");
      if (random.nextBoolean()) {
        store.delete(user, other.id(), Precondition.NONE);
      } else {
        store.change(
            user,
            other.id(),
            new TaskChange.ToggleCompleted(),
            Precondition.NONE,
            other.updatedAt().plusSeconds(random.nextInt(20)));
      }
    }
  }

  private List<String> ids(String path) {
    List<String> ids = new ArrayList<>();
    OpenApiDocument.parse(service.get(path).body())
        .forEach(task -> ids.add(task.path("id").asText()));
    return ids;
  }

  @Test
  void theLongestWayIsNotTooLong() {
    String widest = "🙂"; // four bytes, twelve characters when escaped
    UserId user = UserId.parse(widest.repeat(UserId.MAX_LENGTH));
    Random random = new Random(1);
    IntStream.range(0, 5).forEach(i -> store(user, random, widest.repeat(Title.MAX_LENGTH)));
    String list =
        UserTasks.named(user, "").path()
            + "?limit=2&sort=title&order=desc&created_after=2000-01-01T00%3A00%3A00.000000Z"
            + "&created_before=2100-01-01T00%3A00%3A00.000000Z"
            + "&updated_after=2000-01-01T00%3A00%3A00.000000Z"
            + "&updated_before=2100-01-01T00%3A00%3A00.000000Z&search="
            + UserTasks.escape(widest.repeat(200));

    assertEquals(5, walk(list, 2, () -> {}).size());
  }

  @Test
  void everybodysListCanBeWalked() {
    for (String name : List.of("a/b", "a b+c", "?#%", "\"<>,;", "é🙂", "a\\b", "*'()", "..b")) {
      UserId user = UserId.parse(name);
      Random random = new Random(2);
      IntStream.range(0, 3).forEach(i -> store(user, random, "a"));

      assertEquals(
          3, walk(UserTasks.named(user, "").path() + "/?limit=1", 1, () -> {}).size(), name);
    }
  }
}
