package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.adapter.rest.query.OpaqueText;
import dev.taskport.domain.changelog.LogMark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entity tags of one list or summary. They change whenever any of the user's tasks does. They
 * are weak (RFC 9110, 8.8.1): the list may be sent compressed, and may be newer than its tag.
 */
final class ListTag {
  /** Raised when the same tasks are written in a different way. */
  private static final int FORMAT = 1;

  private final String query;

  /**
   * The tags for these values.
   *
   * @param query everything that determines the answer, apart from the tasks
   */
  ListTag(List<? extends @Nullable Object> query) {
    this.query = OpaqueText.fingerprint(query);
  }

  /** The tag of an answer that was read when the user's log had come this far, or later. */
  String at(LogMark mark) {
    String started = Long.toString(Timestamps.micros(mark.started()), 36);
    return "W/\"" + FORMAT + '-' + started + '-' + mark.number() + '-' + query + '"';
  }
}
