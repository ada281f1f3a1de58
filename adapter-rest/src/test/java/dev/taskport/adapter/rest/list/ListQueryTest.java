package dev.taskport.adapter.rest.list;

import static dev.taskport.adapter.rest.ProblemAssertions.assertInvalidParameter;
import static dev.taskport.adapter.rest.TestService.head;
import static dev.taskport.testkit.SampleTasks.aTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.adapter.rest.task.UserTasks;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tasks a list holds, and in which order, by its query. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListQueryTest {
  private static final String TASKS = "/api/alice/tasks";
  private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");

  private final WatchedStore store = new WatchedStore();
  private final TestService service = new TestService(store, Map.of());

  @BeforeAll
  void fourTasks() {
    store("banana", "yellow", false, 0, 40);
    store("Apple", "100%_\\", true, 1, 1);
    store("cherry", "GRÜN & more; [red]", false, 2, 30);
    store("Date", "a+b", true, 3, 3);
    store("e", Priority.HIGH, "Work,home", null);
    store("f", Priority.URGENT, "work", "2026-12-24");
    store("g", Priority.MEDIUM, "workshop", "2026-12-24T00:00:00Z");
    store("h", Priority.LOW, "", "2026-12-25T00:30:00+01:00");
  }

  private void store(String title, Priority priority, String tags, @Nullable String dueDate) {
    DueDate due = dueDate == null ? null : DueDate.parse(dueDate);
    int hour = 'z' - title.charAt(0);
    store.putStored(
        Task.stored(
            new TaskId(new UUID(hour, 1)),
            UserId.parse("erin"),
            TaskChange.Edit.NOTHING
                .withPriority(priority)
                .withTags(Tags.parse(tags))
                .withDueDate(due)
                .appliedTo(TaskContent.titled(Title.parse(title))),
            false,
            TEN.plus(Duration.ofHours(hour)),
            TEN.plus(Duration.ofHours(hour)),
            1));
  }

  private void store(String title, String description, boolean completed, int hour, int updated) {
    UserId alice = UserId.parse("alice");
    store.putStored(
        Task.stored(
            new TaskId(new UUID(hour, 1)),
            alice,
            aTask().called(title).described(description).content(),
            completed,
            TEN.plus(Duration.ofHours(hour)),
            TEN.plus(Duration.ofHours(updated)),
            1));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static String titles(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    List<String> titles = new ArrayList<>();
    OpenApiDocument.parse(answer.body()).forEach(task -> titles.add(task.path("title").asText()));
    return String.join(" ", titles);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join("|", answer.headers().allValues(name));
  }

  @ParameterizedTest
  @CsvSource({
    "'', Date cherry Apple banana",
    "?status=all, Date cherry Apple banana",
    "?status=pending, cherry banana",
    "?status=incomplete, cherry banana",
    "?status=active, cherry banana",
    "?status=todo, cherry banana",
    "?status=completed, Date Apple",
    "?status=done, Date Apple",
    "?status=DONE, Date Apple",
    "?completed=true, Date Apple",
    "?completed=False, cherry banana",
    "?completed=true&status=done, Date Apple",
    "?completed=true&status=all, Date Apple",
    "?status=, Date cherry Apple banana",
    "?search=AN, banana",
    "?search=grün, cherry",
    "?search=gr%C3%BCn, cherry",
    "?search=grun, ''",
    "?search=%25_%5C, Apple",
    "?search=%25, Apple",
    "?search=100%, Apple",
    "?search=a%2Bb, Date",
    "?search=n+%26+m, cherry",
    "?search=more;, cherry",
    "?search=[red], cherry",
    "?search[]=banana, Date cherry Apple banana",
    "?search=a&status=done, Date Apple",
    "?status_filter=pending, cherry banana",
    "?status_filter=done&status=completed, Date Apple",
    "?q=AN, banana"
  })
  void filtersLeaveOutTheOthers(String query, String titles) {
    assertEquals(titles, titles(service.get(TASKS + escaped(query))));
  }

  @ParameterizedTest
  @CsvSource({
    "?page=1, Date cherry Apple banana",
    "?page=1&limit=3, Date cherry Apple",
    "?page=2&limit=3, banana",
    "?page=2&page_size=2, Apple banana",
    "?page=2&per_page=2&status_filter=all, Apple banana",
    "?page=3&per_page=2, ''",
    "?page_size=1, Date",
    "?page=2&limit=1&order=asc, Apple"
  })
  void pagesCanBeNumbered(String query, String titles) {
    assertEquals(titles, titles(service.get(TASKS + query)));
  }

  @Test
  void aNumberedPageLeadsOnByACursor() {
    HttpResponse<String> answer = service.get(TASKS + "?page=2&per_page=1&q=a");

    assertEquals("Apple", titles(answer));
    String link = header(answer, "Link");
    assertTrue(link.startsWith("<" + TASKS + "?limit=1&search=a>; rel=\"first\""), link);
    String next = link.replaceAll(".*<([^>]*)>; rel=\"next\"", "$1");
    assertEquals("banana", titles(service.get(next)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          page=0&limit=2           | page   | page must be a whole number from 1 to 10001; to get further, send limit and follow the cursor in the Link header
          page=2                   | page   | page needs limit; without it, page 1 holds all tasks
          page=12&limit=1000       | page   | page must begin within the first 10000 tasks; to get further, send limit and follow the cursor in the Link header
          page=2&limit=2&offset=2  | page   | page and offset can't be combined; send one of them
          page=2&limit=x           | limit  | limit must be a whole number from 1 to 1000
          per_page=0               | per_page | per_page must be a whole number from 1 to 1000
          limit=2&page_size=3      | page_size | page_size is given several times, with different values; send one of them
          status_filter=finished   | status_filter | status_filter must be all, pending or completed (or incomplete, active, todo, done)
          status_filter=done&status=pending | status | status is given several times, with different values; send one of them
          """)
  void aPageThatCanNotBeNumberedSoIsRefused(String query, String parameter, String detail) {
    assertInvalidParameter(parameter, detail, service.get(TASKS + "?" + query));
  }

  /** What java.net.URI takes; browsers send more as it is. */
  private static String escaped(String query) {
    return query
        .replace("ü", "%C3%BC")
        .replace("[", "%5B")
        .replace("]", "%5D")
        .replace("100%", "100%25");
  }

  @Test
  void aQueryIsReadAsBrowsersSendIt() throws IOException {
    for (String query : List.of("search=100%", "search=[red]", "search=gr\u00c3\u00bcn")) {
      String answer =
          service.text(
              head("GET " + TASKS + "?" + query + " HTTP/1.1", "Host: a", "Connection: close"));

      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      assertEquals(2, answer.split("user_id", -1).length, answer);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "created_after=2026-11-21T11:00:00Z, Date cherry",
    "created_after=2026-11-21T10:59:59.999999Z, Date cherry Apple",
    "created_after=2026-11-21T10:59:59.9999999Z, Date cherry Apple",
    "created_after=2026-11-21t12:00:00%2B01:00, Date cherry",
    "created_after=2026-11-21T12:00:00+01:00, Date cherry",
    "created_after=2026-11-21+12:00:00+01:00, Date cherry",
    "created_after=2026-11-21T05:30:00-05:30, Date cherry",
    "created_before=2026-11-21T11:00:00z, banana",
    "created_before=2026-11-21T11:00:00.000001Z, Apple banana",
    "updated_after=2026-11-22T16:00:00Z, banana",
    "updated_before=2026-11-22T16:00:00Z, Date Apple",
    "created_after=2026-11-21T10:00:00Z&created_before=2026-11-21T13:00:00Z, cherry Apple",
    "created_after=0001-01-01T00:00:00Z&created_before=9999-12-31T23:59:59.999999Z, Date cherry Apple banana"
  })
  void timesAreExclusive(String query, String titles) {
    assertEquals(titles, titles(service.get(TASKS + "?" + query)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          priority=high                             | e
          priority=HIGH,urgent                      | e f
          priority=urgent, high                     | e f
          priority=low,low                          | h
          tag=WORK                                  | e f
          tag=work&tag=home                         | e
          tag=work,Home                             | e
          tags=work                                 | e f
          tag=work&tags=workshop                    | ''
          tag=                                      | e f g h
          due_after=2026-12-24                      | h
          due_after=2026-12-23                      | f g h
          due_after=2026-12-24T00:00:00+01:00       | f g h
          due_after=2026-12-24T00:00%2B01:00        | f g h
          due_before=2026-12-24                     | ''
          due_before=2026-12-24T23:30:00Z           | f g
          due_before=2026-12-25                     | f g h
          due_after=2026-12-23T23:59:59.999999Z&due_before=2026-12-24T00:00:00.000001Z | f g
          due=none                                  | e
          due=NONE&priority=high&tag=home           | e
          sort=due_date                             | f g h e
          sort=due_date&order=asc                   | f g h e
          sort=dueDate&order=desc                   | h g f e
          sortBy=due                                | f g h e
          sort=priority                             | f e g h
          sort=priority&order=asc                   | f e g h
          sort=priority&order=desc                  | h g e f
          """)
  void contentIsFilteredAndSortedByAndWalkedThrough(String query, String titles) {
    String list = "/api/erin/tasks?" + query.replace(" ", "+");
    assertEquals(titles, titles(service.get(list)));

    HttpResponse<String> page = service.get(list + "&limit=1", "Prefer", "count=exact");
    List<String> walked = new ArrayList<>(List.of(titles(page)));
    while (header(page, "Link").contains("rel=\"next\"")) {
      page = service.get(next(page));
      walked.add(titles(page));
    }
    assertEquals(titles, String.join(" ", walked));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          priority=huge             | priority | priority must be low, medium, high or urgent, or several of these with commas
          due_after=tomorrow        | due_after | due_after must be a date, such as 2026-12-24, or a time (RFC 3339), such as 2026-12-24T18:00:00Z or 2026-12-24T19:00:00%2B01:00
          due_before=2026-02-30     | due_before | due_before must be a date, such as 2026-12-24, or a time (RFC 3339), such as 2026-12-24T18:00:00Z or 2026-12-24T19:00:00%2B01:00
          due=2026-12-24            | due | due must be none
          due=none&due_before=2026-12-24 | due | due=none and due_before contradict each other; send one of them
          tag=%00                   | tag | The tag must not hold the control character U+0000
          tag=%C3                   | tag | The value of tag is not valid UTF-8
          priority=low&priority=high | priority | priority is given several times, with different values; send one of them
          """)
  void aConditionOnTheContentThatCanNotBeReadIsRefused(
      String query, String parameter, String detail) {
    assertInvalidParameter(parameter, detail, service.get(TASKS + "?" + query));
  }

  @Test
  void aTagHasAtMostFiftyCharactersAndAListAtMostTwentyTags() {
    assertInvalidParameter(
        "tag",
        "The tag has 51 characters; at most 50 are allowed",
        service.get(TASKS + "?tag=" + "x".repeat(51)));
    String tags = "";
    for (int i = 0; i < 21; i++) {
      tags += "&tag=" + i;
    }
    assertInvalidParameter(
        "tag",
        "There are 21 tags; at most 20 are allowed",
        service.get(TASKS + "?" + tags.substring(1)));
  }

  @Test
  void linksRepeatTheConditionsOnTheContent() {
    String query =
        "?limit=1&priority=high%2Curgent&tag=a%26b&tag=c&due_after=2026-12-24T00%3A00%3A00.000000Z"
            + "&due_before=2026-12-25T00%3A00%3A00.000000Z&sort=due_date&order=desc";

    assertEquals(
        "<" + TASKS + query + ">; rel=\"first\"", header(service.get(TASKS + query), "Link"));
    String none = "?limit=1&due=none&sort=priority&order=asc";
    assertEquals(
        "<" + TASKS + none + ">; rel=\"first\"",
        header(service.get(TASKS + none), "Link").replaceAll(",.*", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "sort=created_at, Date cherry Apple banana",
    "sort=created, Date cherry Apple banana",
    "sort=createdAt, Date cherry Apple banana",
    "sort=created_date, Date cherry Apple banana",
    "sort=updated_at, banana cherry Date Apple",
    "sort=updated, banana cherry Date Apple",
    "sort=updatedAt, banana cherry Date Apple",
    "sort=title, Apple banana cherry Date",
    "sortBy=title, Apple banana cherry Date",
    "sort_by=TITLE, Apple banana cherry Date",
    "sort=title&order=desc, Date cherry banana Apple",
    "order=asc, banana Apple cherry Date",
    "sortOrder=ASC, banana Apple cherry Date",
    "sort_order=desc, Date cherry Apple banana",
    "sort=created_at&order=asc, banana Apple cherry Date",
    "sort=updated_at&order=asc, Apple Date cherry banana",
    "sort=title&sortBy=title&sort=, Apple banana cherry Date",
    "sort=created&sort_by=createdAt, Date cherry Apple banana"
  })
  void ordersKnowSeveralNames(String query, String titles) {
    assertEquals(titles, titles(service.get(TASKS + "?" + query)));
  }

  @ParameterizedTest
  @CsvSource({
    "limit=2, Date cherry",
    "limit=1000, Date cherry Apple banana",
    "limit=2&offset=1, cherry Apple",
    "offset=3, banana",
    "skip=3, banana",
    "skip=3&offset=3, banana",
    "offset=10000, ''",
    "offset=0&limit=, Date cherry Apple banana",
    "limit=2&limit=2, Date cherry"
  })
  void partsOfAListCanBeAskedFor(String query, String titles) {
    assertEquals(titles, titles(service.get(TASKS + "?" + query)));
  }

  private static final String SORT = " must be created_at, updated_at, title, due_date or priority";
  private static final String TIME =
      " must be a time with its offset from UTC (RFC 3339), such as"
          + " 2026-11-21T09:47:36Z or 2026-11-21T10:47:36%2B01:00";
  private static final String OFFSET =
      " must be a whole number from 0 to 10000; to get further, send limit and follow the cursor"
          + " in the Link header";
  private static final String TWICE =
      " is given several times, with different values; send one of them";

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "-1", "+5", "5.0", "1e2", "x", "null", "99999999999", "٣"})
  void aLimitIsAWholeNumber(String limit) {
    assertInvalidParameter(
        "limit", "limit must be a whole number from 1 to 1000", list("limit", limit));
  }

  private HttpResponse<String> list(String name, String value) {
    return service.get(TASKS + "?" + name + "=" + UserTasks.escape(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"offset", "skip"})
  void anOffsetHasABound(String name) {
    for (String value : List.of("10001", "-1", "x")) {
      assertInvalidParameter(name, name + OFFSET, list(name, value));
    }
  }

  @Test
  void unusableChoicesAreAnsweredWithTheUsableOnes() {
    assertInvalidParameter(
        "status",
        "status must be all, pending or completed (or incomplete, active, todo, done)",
        list("status", "finished"));
    for (String value : List.of("1", "yes", "undefined")) {
      assertInvalidParameter(
          "completed", "completed must be true or false", list("completed", value));
    }
    for (String name : List.of("sort", "sortBy", "sort_by")) {
      assertInvalidParameter(name, name + SORT, list(name, "category"));
    }
    for (String name : List.of("order", "sortOrder", "sort_order")) {
      assertInvalidParameter(name, name + " must be asc or desc", list(name, "up"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "2026-11-21",
        "2026-11-21T10:00:00",
        "2026-11-21T10:00Z",
        "2026-11-21T10:00:00+0100",
        "2026-11-21T10:00:00 0100",
        "2026-02-30T10:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T10:00:00,5Z",
        "2026-11-21T10:00:00.Z",
        "2026-11-21T10:00:00.0000000001Z",
        "1700000000",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59.9999991Z",
        "+10000-01-01T00:00:00Z",
        "2026-11-21T10:00:00+19:00",
        "2026-11-21T10:00:00Z[UTC]"
      })
  void aTimeNeedsItsOffset(String time) {
    for (String name :
        List.of("created_after", "created_before", "updated_after", "updated_before")) {
      assertInvalidParameter(name, name + TIME, list(name, time));
    }
  }

  @Test
  void aSearchIsAText() {
    assertEquals(200, list("search", "🙂".repeat(200)).statusCode());
    assertInvalidParameter(
        "search",
        "The search has 201 characters; at most 200 are allowed",
        list("search", "x".repeat(201)));
    assertInvalidParameter(
        "search", "The search must not hold the control character U+0000", list("search", "\0"));
    assertInvalidParameter(
        "search", "The value of search is not valid UTF-8", service.get(TASKS + "?search=%C3"));
  }

  @ParameterizedTest
  @CsvSource({
    "status=done&status=todo, status",
    "sort=title&sortBy=created_at, sortBy",
    "sort_order=asc&order=desc, order",
    "limit=1&limit=2, limit",
    "offset=1&skip=2, skip",
    "search=a&search=b, search"
  })
  void aParameterMustNotSayTwoThings(String query, String name) {
    assertInvalidParameter(name, name + TWICE, service.get(TASKS + "?" + query));
  }

  @Test
  void parametersMustNotContradictEachOther() {
    assertInvalidParameter(
        "completed",
        "completed and status contradict each other; send one of them",
        service.get(TASKS + "?status=pending&completed=true"));
    String cursor = "&" + next(service.get(TASKS + "?limit=1")).replaceAll(".*&(cursor=.*)", "$1");
    for (String name : List.of("offset", "skip")) {
      assertInvalidParameter(
          "cursor",
          "cursor and offset can't be combined; send only the cursor",
          service.get(TASKS + "?limit=1&" + name + "=0" + cursor));
    }
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    JsonNode problem =
        OpenApiDocument.parse(service.get(TASKS + "?limit=0&status=x&order=up").body());

    assertEquals(422, problem.path("status").asInt());
    assertEquals(
        List.of("status", "order", "limit"), problem.path("errors").findValuesAsText("parameter"));
  }

  @Test
  void aThousandOtherParametersHideNone() {
    assertEquals("banana", titles(service.get(TASKS + "?" + "a=&".repeat(1500) + "search=yellow")));
  }

  private static String next(HttpResponse<String> answer) {
    return header(answer, "Link").replaceAll(".*, <([^>]*)>; rel=\"next\"$", "$1");
  }

  @Test
  void aPageLeadsToTheFirstAndTheNext() {
    String list = TASKS + "?completed=false&sortBy=title&limit=1";
    HttpResponse<String> page = service.get(list);
    String first = TASKS + "?limit=1&status=pending&sort=title&order=asc";

    assertTrue(
        header(page, "Link")
            .matches(
                "<\\Q"
                    + first
                    + "\\E>; rel=\"first\","
                    + " <\\Q"
                    + first
                    + "\\E&cursor=[A-Za-z0-9_-]+>; rel=\"next\""),
        header(page, "Link"));
    HttpResponse<String> last = service.get(next(page));
    assertEquals("cherry", titles(last));
    assertEquals("<" + first + ">; rel=\"first\"", header(last, "Link"));
  }

  @Test
  void linksRepeatWhatWasUnderstood() {
    String query =
        "?limit=1&search=%22%3E%0D%0A%2C%20a%2Bb&created_after=2026-11-21T10%3A00%3A00.000000Z"
            + "&created_before=2026-11-21T10%3A00%3A00.000001Z"
            + "&updated_after=0001-01-01T00%3A00%3A00.000000Z"
            + "&updated_before=9999-12-31T23%3A59%3A59.999999Z";
    String user = "/api/a%2Cb%3E%22%2F%C3%A9%0%3B/tasks".replace("%0%", "%25%");

    assertEquals(
        "<" + user + query + ">; rel=\"first\"",
        header(service.get(user + "/" + query + "&utm=1&offset=7"), "Link"));
  }

  @Test
  void anOffsetTurnsIntoACursor() {
    HttpResponse<String> page = service.get(TASKS + "?limit=1&offset=1");

    assertEquals("cherry", titles(page));
    assertEquals("Apple", titles(service.get(next(page))));
  }

  @Test
  void withoutALimitThereAreNoLinks() {
    assertEquals("", header(service.get(TASKS), "Link"));
    String rest = next(service.get(TASKS + "?limit=1")).replace("limit=1&", "");
    assertEquals("cherry Apple banana", titles(service.get(rest)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count=exact",
        "Count = \"exact\"",
        "respond-async, count=exact;x=\",\"; y",
        "foo=\"a, \\\"count=none\", COUNT=exact",
        "count=exact, count=none"
      })
  void tasksAreCountedOnRequest(String preference) {
    HttpResponse<String> page = service.get(TASKS + "?limit=1&status=done", "Prefer", preference);

    assertEquals("2", header(page, "X-Total-Count"));
    assertEquals("count=exact", header(page, "Preference-Applied"));
    assertTrue(header(page, "Vary").contains("Prefer"), header(page, "Vary"));
    assertEquals("4", header(service.get(TASKS, "Prefer", preference), "X-Total-Count"));
    HttpResponse<String> several = service.get(TASKS, "Prefer", "wait=1", "Prefer", preference);
    assertEquals("4", header(several, "X-Total-Count"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count=none",
        "count=EXACT",
        "counts=exact",
        "x=\"count=exact\"",
        "count",
        "\"",
        "x;count=exact",
        "x=\"\\\", count=exact, b\"",
        "x=\"a, count=exact, b\"",
        "count=none, count=exact",
        ""
      })
  void otherwiseNothingIsCounted(String preference) {
    int before = store.counts.get();
    HttpResponse<String> page = service.get(TASKS + "?limit=1", "Prefer", preference);

    assertEquals("", header(page, "X-Total-Count") + header(page, "Preference-Applied"));
    assertEquals(before, store.counts.get());
    assertTrue(header(page, "Vary").contains("Prefer"), header(page, "Vary"));
  }

  @Test
  void theSummaryCountsBothKinds() {
    for (String path : List.of(TASKS + "/summary", TASKS + "/summary/?status=done")) {
      HttpResponse<String> summary = service.get(path);

      assertEquals("{\"total\":4,\"completed\":2,\"pending\":2}", summary.body());
      assertEquals("application/json", header(summary, "Content-Type"));
      assertEquals(200, service.bare("HEAD", path).statusCode());
    }
    assertEquals(
        "{\"total\":0,\"completed\":0,\"pending\":0}",
        service.get("/api/nobody/tasks/summary").body());
  }

  @Test
  void theSummaryIsNoTask() {
    String path = TASKS + "/summary";
    String noId = "A task id is a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057";
    for (String method : List.of("PUT", "PATCH", "DELETE", "POST")) {
      assertEquals(405, service.send(method, path, "{}").statusCode(), method);
    }
    assertInvalidParameter("task_id", noId, service.bare("PATCH", path + "/complete"));
  }

  @Test
  void theRefusalsInTheDocumentationOccur() {
    OpenApiDocument document = new OpenApiDocument(service);
    JsonNode response =
        document.resolve(document.operation("listTasks").node().at("/responses/422"));
    JsonNode examples = response.at("/content/application~1problem+json/examples");

    for (JsonNode example : examples) {
      String query = example.path("summary").asText();
      if (query.contains("=")) {
        assertInvalidParameter(
            query.replaceAll("=.*", ""),
            example.at("/value/detail").asText(),
            service.get(TASKS + "?" + query));
      }
    }
    assertEquals(6, examples.size());
  }
}
