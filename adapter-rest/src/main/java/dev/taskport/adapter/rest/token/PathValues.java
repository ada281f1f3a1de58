package dev.taskport.adapter.rest.token;

import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.convert.TypeConverter;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.context.ServerRequestContext;
import java.util.Optional;
import java.util.function.Function;

/** Converts path segments to values. A refused one becomes a {@code ConversionErrorException}. */
@Factory
final class PathValues {
  /**
   * Converts the user id of a path, for every handler. With authentication, it refuses any but the
   * caller's: {@link AccessRule} has let no other through, so another one is a defect.
   */
  @Bean
  TypeConverter<CharSequence, UserId> userId(
      @Value("${micronaut.security.enabled:true}") boolean secured) {
    return converter(
        text -> {
          UserId user = UserId.parse(text);
          if (secured && !isCaller(user)) {
            throw new IllegalStateException("The user id of the path is not the caller's");
          }
          return user;
        });
  }

  private static boolean isCaller(UserId user) {
    return ServerRequestContext.currentRequest()
        .flatMap(HttpRequest::getUserPrincipal)
        .filter(caller -> caller.getName().equals(user.value()))
        .isPresent();
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
