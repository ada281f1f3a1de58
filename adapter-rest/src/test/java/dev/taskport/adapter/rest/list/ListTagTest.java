package dev.taskport.adapter.rest.list;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that has a list already learns from its tag whether it is still good. */
class ListTagTest {
  private static final String TASKS = "/api/alice/tasks";

  private final AtomicInteger summaries = new AtomicInteger();
  private final WatchedStore store =
      new WatchedStore() {
        @Override
        public TaskSummary summarize(UserId user) {
          summaries.incrementAndGet();
          return super.summarize(user);
        }
      };
  private final TestService service = new TestService(store, Map.of("taskport.lists.page-size", 2));

  @AfterEach
  void stop() {
    service.close();
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("none");
  }

  private String tag(String path, String... headers) {
    HttpResponse<String> answer = service.get(path, headers);
    assertEquals(200, answer.statusCode(), answer.body());
    return header(answer, "ETag");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TASKS,
        TASKS + "?limit=1",
        TASKS + "?status=pending&search=a&sort=title&limit=5&offset=1",
        TASKS + "/summary"
      })
  void whatHasNotChangedIsAnsweredWithoutReadingATask(String path) {
    for (String title : List.of("a", "b", "c")) {
      service.create("alice", title);
    }
    HttpResponse<String> first = service.get(path);
    int pages = store.pages.get();
    int read = summaries.get();
    int marks = store.marks.get();

    for (String method : List.of("GET", "HEAD")) {
      HttpResponse<String> again =
          service.bare(method, path, "If-None-Match", header(first, "ETag"));

      assertEquals(304, again.statusCode(), again.body());
      assertEquals("", again.body());
      for (String name : List.of("ETag", "Vary", "Cache-Control")) {
        assertEquals(header(first, name), header(again, name), name);
      }
    }
    assertEquals(pages, store.pages.get(), "Pages were read");
    assertEquals(read, summaries.get(), "Tasks were counted");
    assertEquals(0, store.counts.get(), "Tasks were counted");
    assertEquals(2, store.marks.get() - marks, "One look-up for each request");
  }

  @ParameterizedTest
  @ValueSource(strings = {TASKS, TASKS + "?limit=1&status=completed", TASKS + "/summary"})
  void everyKindOfChangeChangesTheTag(String path) {
    Set<String> tags = new HashSet<>();
    tags.add(tag(path));
    String task = service.create("alice", "a");
    tags.add(tag(path));
    service.send("PATCH", task, "{\"title\":\"b\"}");
    tags.add(tag(path));
    service.bare("PATCH", task + "/complete");
    tags.add(tag(path));
    service.bare("DELETE", task);
    tags.add(tag(path));
    service.bare("POST", task + "/restore");
    tags.add(tag(path));
    service.bare("DELETE", task + "?permanently=true");
    tags.add(tag(path));

    assertEquals(7, tags.size(), tags.toString());
    for (String tag : tags) {
      assertTrue(tag.matches("W/\"1-[0-9a-z]+-[0-9]+-[A-Za-z0-9_-]{14}\""), tag);
    }
  }

  @Test
  void whatChangesNothingKeepsTheTag() {
    String task = service.create("alice", "a");
    service.send("PATCH", task + "/complete", "{\"completed\":true}");
    String tag = tag(TASKS);

    service.send("PATCH", task + "/complete", "{\"completed\":true}");
    service.create("bob", "b");
    service.bare("DELETE", "/api/alice/tasks/01990000-0000-7000-8000-ffffffffffff");

    assertEquals(tag, tag(TASKS));
  }

  @Test
  void everyQueryHasATagOfItsOwn() {
    List<String> queries =
        List.of(
            "",
            "?limit=1",
            "?limit=2",
            "?limit=1&offset=1",
            "?status=pending",
            "?status=completed",
            "?search=a",
            "?tag=a",
            "?priority=high",
            "?due=none",
            "?sort=title",
            "?sort=title&order=desc",
            "/summary");
    Set<String> tags = new HashSet<>();
    for (String query : queries) {
      tags.add(tag(TASKS + query));
    }
    tags.add(tag("/api/bob/tasks"));
    tags.add(tag("/api/bob/tasks/summary"));

    assertEquals(queries.size() + 2, tags.size(), tags.toString());
    assertEquals(tag(TASKS + "?status=pending"), tag(TASKS + "?status=todo&x=y"));
  }

  @Test
  void aCountIsAPartOfTheQuery() {
    service.create("alice", "a");
    String plain = tag(TASKS);
    String counted = tag(TASKS, "Prefer", "count=exact");

    assertNotEquals(plain, counted);
    HttpResponse<String> count =
        service.get(TASKS, "Prefer", "count=exact", "If-None-Match", plain);
    assertEquals(200, count.statusCode());
    assertEquals("1", header(count, "X-Total-Count"));
    assertEquals(
        304, service.get(TASKS, "Prefer", "count=exact", "If-None-Match", counted).statusCode());
    assertEquals(2, store.counts.get());
  }

  @Test
  void aTagIsComparedWeaklyAndAmongOthers() {
    String tag = tag(TASKS);
    for (String sent : List.of(tag, tag.substring(2), "\"x\", " + tag + ", W/\"y\"")) {
      assertEquals(304, service.get(TASKS, "If-None-Match", sent).statusCode(), sent);
      assertEquals(
          304,
          service.get(TASKS, "If-None-Match", "\"x\"", "If-None-Match", sent).statusCode(),
          sent);
    }
    assertEquals(304, service.get(TASKS, "If-None-Match", "*").statusCode());
    for (String sent : List.of("\"x\"", tag.replace("W/\"1-", "W/\"0-"), "")) {
      assertEquals(200, service.get(TASKS, "If-None-Match", sent).statusCode(), sent);
    }
  }

  @Test
  void aListThatChangesWhileItIsSentKeepsTheTagOfItsBeginning() {
    AtomicInteger read = new AtomicInteger();
    TestService[] changing = new TestService[1];
    WatchedStore store =
        new WatchedStore() {
          @Override
          public List<Task> list(UserId user, TaskQuery query) {
            if (read.incrementAndGet() == 2) {
              changing[0].create("alice", "added meanwhile");
            }
            return super.list(user, query);
          }
        };
    try (TestService service = new TestService(store, Map.of("taskport.lists.page-size", 2))) {
      changing[0] = service;
      for (int i = 0; i < 5; i++) {
        service.create("alice", "a");
      }
      HttpResponse<String> list = service.get(TASKS);

      assertTrue(read.get() > 2);
      assertEquals(200, service.get(TASKS, "If-None-Match", header(list, "ETag")).statusCode());
    }
  }

  @Test
  void aListReadsTheMarkWithItsPageInOneCall() {
    service.create("alice", "a");
    int marks = store.marks.get();

    tag(TASKS);
    tag(TASKS + "?limit=1");

    assertEquals(marks, store.marks.get());
    assertEquals(2, store.pages.get());
  }
}
