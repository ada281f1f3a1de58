package dev.taskport.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.fuzz.ApiDescription.Operation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request, and what is known of it.
 *
 * @param target as sent, one character for each byte, as are headers and body
 * @param headers whole lines, without the length of the body
 * @param chunked whether the body is sent in chunks
 * @param taskId the task in the path, if it names one in a readable form
 * @param own whether it is about the tasks of the round's user
 * @param content what the body sets, as a task shows it; null if that isn't known
 * @param creates whether it is a PUT that creates a task
 */
record FuzzedRequest(
    Operation operation,
    String method,
    String target,
    List<String> headers,
    @Nullable String body,
    boolean chunked,
    Fate fate,
    @Nullable String taskId,
    boolean own,
    @Nullable Map<String, JsonNode> content,
    boolean creates) {

  boolean isHead() {
    return method.equals("HEAD");
  }

  /** The value of a header that it has. */
  @Nullable String header(String name) {
    for (String line : headers) {
      if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return null;
  }

  /** The whole of it, one character for each byte. */
  String text() {
    StringBuilder text =
        new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    headers.forEach(line -> text.append(line).append("\r\n"));
    if (body == null) {
      return text.append("\r\n").toString();
    }
    if (!chunked) {
      text.append("Content-Length: ").append(body.length()).append("\r\n\r\n");
      return text.append(body).toString();
    }
    text.append("Transfer-Encoding: chunked\r\n\r\n");
    int half = body.length() / 2;
    addChunk(text, body.substring(0, half));
    addChunk(text, body.substring(half));
    return text.append("0\r\n\r\n").toString();
  }

  private static void addChunk(StringBuilder to, String chunk) {
    if (!chunk.isEmpty()) {
      to.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk).append("\r\n");
    }
  }
}
