package dev.taskport.adapter.rest.task;

import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.TaskId;
import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.convert.TypeConverter;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Reads the id in a path; a refusal becomes a {@code ConversionErrorException}. */
@Singleton
final class TaskIdConverter implements TypeConverter<CharSequence, TaskId> {
  @Override
  public Optional<TaskId> convert(
      CharSequence text, Class<TaskId> type, ConversionContext context) {
    try {
      return Optional.of(TaskId.parse(text.toString()));
    } catch (InvalidValueException e) {
      context.reject(text, e);
      return Optional.empty();
    }
  }
}
