package dev.taskport.adapter.rest.trash;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.adapter.rest.task.TaskJson;
import dev.taskport.domain.changelog.DeletedTask;
import io.micronaut.serde.annotation.Serdeable;

/** A deleted task on the wire: the keys of a task, and when it was deleted. */
@Serdeable.Serializable
record DeletedTaskJson(@JsonUnwrapped TaskJson task, @JsonProperty("deleted_at") String deletedAt) {

  static DeletedTaskJson of(DeletedTask deleted) {
    return new DeletedTaskJson(TaskJson.of(deleted.task()), Timestamps.format(deleted.deletedAt()));
  }
}
