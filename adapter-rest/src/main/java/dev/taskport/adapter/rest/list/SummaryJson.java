package dev.taskport.adapter.rest.list;

import dev.taskport.domain.TaskSummary;
import io.micronaut.serde.annotation.Serdeable;

/** How many tasks a user has, on the wire. */
@Serdeable.Serializable
record SummaryJson(long total, long completed, long pending) {
  static SummaryJson of(TaskSummary summary) {
    return new SummaryJson(summary.total(), summary.completed(), summary.pending());
  }
}
