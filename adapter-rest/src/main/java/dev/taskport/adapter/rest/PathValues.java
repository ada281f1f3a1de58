package dev.taskport.adapter.rest;

import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.core.convert.TypeConverter;
import java.util.Optional;
import java.util.function.Function;

/** Turns segments of a path into values; a refusal becomes a {@code ConversionErrorException}. */
@Factory
final class PathValues {
  @Bean
  TypeConverter<CharSequence, UserId> userId() {
    return converter(UserId::parse);
  }

  @Bean
  TypeConverter<CharSequence, TaskId> taskId() {
    return converter(TaskId::parse);
  }

  private static <T> TypeConverter<CharSequence, T> converter(Function<String, T> parse) {
    return (text, type, context) -> {
      try {
        return Optional.of(parse.apply(text.toString()));
      } catch (InvalidValueException e) {
        context.reject(text, e);
        return Optional.empty();
      }
    };
  }
}
