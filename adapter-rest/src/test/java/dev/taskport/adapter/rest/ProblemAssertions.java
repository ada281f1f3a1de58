package dev.taskport.adapter.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;

/** What every error looks like, to the byte. */
public final class ProblemAssertions {
  private ProblemAssertions() {}

  public static void assertProblem(
      int status, String title, String detail, HttpResponse<String> answer) {
    assertProblem(status, title, detail, "", answer);
  }

  /** The errors as JSON, such as <code>{"detail":"…","pointer":"#/title"}</code>. */
  public static void assertInvalid(String detail, String errors, HttpResponse<String> answer) {
    assertProblem(422, "Unprocessable Content", detail, ",\"errors\":[" + errors + "]", answer);
  }

  /** One field of the body is wrong. */
  public static void assertInvalidField(String field, String detail, HttpResponse<String> answer) {
    assertInvalid(
        detail, "{\"detail\":" + quote(detail) + ",\"pointer\":\"#/" + field + "\"}", answer);
  }

  /** A parameter in the path, the query or a header is wrong. */
  public static void assertInvalidParameter(
      String name, String detail, HttpResponse<String> answer) {
    assertInvalid(
        detail, "{\"detail\":" + quote(detail) + ",\"parameter\":\"" + name + "\"}", answer);
  }

  public static void assertProblem(RawAnswer answer, int status, String title, String detail) {
    assertEquals(
        json(status, title, detail, "", String.valueOf(answer.header("X-Request-ID"))),
        answer.body());
    assertEquals(status, answer.status());
    assertEquals("application/problem+json", answer.header("Content-Type"));
  }

  private static void assertProblem(
      int status, String title, String detail, String more, HttpResponse<String> answer) {
    String id = answer.headers().firstValue("X-Request-ID").orElse("none");
    assertEquals(json(status, title, detail, more, id), answer.body());
    assertEquals(status, answer.statusCode());
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElse("none"));
  }

  private static String json(int status, String title, String detail, String more, String id) {
    return "{\"type\":\"about:blank\",\"title\":\""
        + title
        + "\",\"status\":"
        + status
        + ",\"detail\":"
        + quote(detail)
        + ",\"instance\":\"urn:taskport:request:"
        + id
        + "\""
        + more
        + "}";
  }

  private static String quote(String text) {
    return '"' + text.replace("\"", "\\\"") + '"';
  }
}
