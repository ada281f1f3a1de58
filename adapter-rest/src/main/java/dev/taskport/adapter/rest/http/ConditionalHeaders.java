package dev.taskport.adapter.rest.http;

import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.Violation;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Revision;
import io.micronaut.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code If-Match} and {@code If-None-Match} of a request (RFC 9110, 13.1). Immutable. */
public final class ConditionalHeaders {
  private static final Pattern TAG = Pattern.compile("(?:W/)?\"[^\"]*\"|[^,\\s]+");
  private static final Pattern CHANGED_ON_ITS_WAY =
      Pattern.compile("W/\".*\"|\".*-(gzip|br|deflate|zstd)\"");
  private static final List<String> ANY = List.of("*");

  private final boolean hasIfMatch;
  private final List<String> ifMatch;
  private final List<String> ifNoneMatch;

  public ConditionalHeaders(HttpHeaders headers) {
    hasIfMatch = headers.contains(HttpHeaderNames.IF_MATCH);
    ifMatch = tags(headers, HttpHeaderNames.IF_MATCH);
    ifNoneMatch = tags(headers, HttpHeaderNames.IF_NONE_MATCH);
  }

  private static List<String> tags(HttpHeaders headers, AsciiString name) {
    if (!headers.contains(name)) {
      return List.of(); // as most; getAll would make a list
    }
    List<String> tags = new ArrayList<>();
    for (String line : headers.getAll(name)) {
      Matcher matcher = TAG.matcher(line);
      while (matcher.find()) {
        tags.add(matcher.group());
      }
    }
    return List.copyOf(tags);
  }

  /** Whether there is an {@code If-Match}, even one that can't match. */
  public boolean hasIfMatch() {
    return hasIfMatch;
  }

  /** Whether there is an {@code If-None-Match}. */
  public boolean hasIfNoneMatch() {
    return !ifNoneMatch.isEmpty();
  }

  /** Whether there is any condition. */
  public boolean isConditional() {
    return hasIfMatch || !ifNoneMatch.isEmpty();
  }

  /**
   * Whether there is {@code If-None-Match: *}: the task must not exist yet.
   *
   * @throws InvalidInputException when {@code If-None-Match} has any other value
   */
  public boolean demandAbsence() {
    if (ifNoneMatch.equals(ANY) && !hasIfMatch) {
      return true;
    }
    rejectIfNoneMatch("For PUT, If-None-Match may only be * and without If-Match");
    return false;
  }

  /**
   * The precondition of {@code If-Match}, by strong comparison; {@link Precondition#NONE} without
   * one.
   *
   * @throws InvalidInputException when there is an {@code If-None-Match}
   */
  public Precondition precondition() {
    rejectIfNoneMatch("If-None-Match is for GET and PUT; send If-Match");
    if (!hasIfMatch || ifMatch.equals(ANY)) {
      return Precondition.NONE;
    }
    Set<Revision> revisions = new HashSet<>();
    for (String tag : ifMatch) {
      EntityTag.parse(tag).ifPresent(revisions::add);
    }
    return new Precondition.RevisionIn(revisions);
  }

  /** A condition must not be ignored: the client relies on it. */
  private void rejectIfNoneMatch(String detail) {
    if (!ifNoneMatch.isEmpty()) {
      throw new InvalidInputException(List.of(Violation.of(HttpHeaders.IF_NONE_MATCH, detail)));
    }
  }

  /** Why {@code If-Match} doesn't match an existing task: a sentence for the user. */
  public String whyStale() {
    List<String> foreign = ifMatch.stream().filter(tag -> EntityTag.parse(tag).isEmpty()).toList();
    if (foreign.isEmpty() && !ifMatch.isEmpty()) {
      return "The task has changed since; read it again, then decide";
    }
    if (foreign.stream().anyMatch(tag -> CHANGED_ON_ITS_WAY.matcher(tag).matches())) {
      return "A tag in If-Match was weakened or given a suffix on its way, so it matches nothing;"
          + " send the ETag as the service made it";
    }
    return "If-Match holds something that is no ETag of this service;"
        + " send the ETag as it came, quotes included";
  }

  /** Whether the client's copy is current: {@code If-None-Match} by weak comparison. */
  public boolean isFresh(String currentTag) {
    if (ifNoneMatch.equals(ANY)) {
      return true;
    }
    for (String tag : ifNoneMatch) {
      if (EntityTag.opaque(tag).equals(EntityTag.opaque(currentTag))) {
        return true;
      }
    }
    return false;
  }
}
