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

/** Turns segments of a path into values; a refusal becomes a {@code ConversionErrorException}. */
@Factory
final class PathValues {
  /**
   * The only way by which a handler gets a {@code UserId}: with tokens in use, there is none but
   * the token's own. That the request has got this far says that it was checked before.
   */
  @Bean
  TypeConverter<CharSequence, UserId> userId(
      @Value("${micronaut.security.enabled:true}") boolean secured) {
    return converter(
        text -> {
          UserId user = UserId.parse(text);
          if (secured && !isCaller(user)) {
            throw new IllegalStateException("A request with a user id that nobody has checked");
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
