package dev.taskport.adapter.rest.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.Tag;
import dev.taskport.domain.Task;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task on the wire: always all of these keys, in this order. */
@Serdeable.Serializable
@JsonInclude(JsonInclude.Include.ALWAYS)
public record TaskJson(
    String id,
    @JsonProperty("user_id") String userId,
    String title,
    @Nullable String description,
    boolean completed,
    @JsonProperty("created_at") String createdAt,
    @JsonProperty("updated_at") String updatedAt,
    String priority,
    List<String> tags,
    @JsonProperty("due_date") @Nullable String dueDate) {

  public static TaskJson of(Task task) {
    return task.content()
        .read(
            (title, description, priority, tags, dueDate) ->
                new TaskJson(
                    task.id().toString(),
                    task.userId().value(),
                    title.value(),
                    description == null ? null : description.value(),
                    task.completed(),
                    Timestamps.format(task.createdAt()),
                    Timestamps.format(task.updatedAt()),
                    priority.value(),
                    tags.values().stream().map(Tag::value).toList(),
                    dueDate == null ? null : text(dueDate)));
  }

  private static String text(DueDate dueDate) {
    return dueDate.match(
        onDate -> onDate.date().toString(), atTime -> Timestamps.format(atTime.instant()));
  }
}
