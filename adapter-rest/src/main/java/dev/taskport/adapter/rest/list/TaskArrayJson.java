package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.task.TaskJson;
import dev.taskport.domain.Task;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes tasks as a JSON array. */
@Singleton
final class TaskArrayJson {
  private final JsonMapper mapper;

  TaskArrayJson(JsonMapper mapper) {
    this.mapper = mapper;
  }

  byte[] write(List<Task> tasks) {
    try {
      return mapper.writeValueAsBytes(
          Argument.listOf(TaskJson.class), tasks.stream().map(TaskJson::of).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
