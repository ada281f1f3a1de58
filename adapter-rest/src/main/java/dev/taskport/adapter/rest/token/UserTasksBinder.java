package dev.taskport.adapter.rest.token;

import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.Violation;
import dev.taskport.adapter.rest.proxy.Forwarding;
import dev.taskport.adapter.rest.task.UserTasks;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.UserId;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives handlers the tasks that a request is about. Handlers get a {@code UserId} only from here.
 * With authentication, it is always the token's user.
 */
@Singleton
final class UserTasksBinder implements TypedRequestArgumentBinder<UserTasks> {
  private final boolean secured;
  private final Forwarding forwarding;

  UserTasksBinder(
      @Value("${micronaut.security.enabled:true}") boolean secured, Forwarding forwarding) {
    this.secured = secured;
    this.forwarding = forwarding;
  }

  @Override
  public Argument<UserTasks> argumentType() {
    return Argument.of(UserTasks.class);
  }

  @Override
  public BindingResult<UserTasks> bind(
      ArgumentConversionContext<UserTasks> context, HttpRequest<?> request) {
    UserTasks tasks =
        tasks(AccessRule.userInPath(request), caller(request), forwarding.prefix(request));
    return () -> Optional.of(tasks);
  }

  private static @Nullable String caller(HttpRequest<?> request) {
    return request.getUserPrincipal().map(Principal::getName).orElse(null);
  }

  /**
   * @param named the user in the path, if any
   * @param caller the token's user; null without authentication
   * @param prefix what clients see before the service's own paths
   */
  private UserTasks tasks(@Nullable String named, @Nullable String caller, String prefix) {
    String id = named == null ? caller : named;
    if (secured && (caller == null || !caller.equals(id))) {
      throw new IllegalStateException("A request for tasks that nobody has checked");
    }
    if (id == null) {
      throw new AuthenticationOffException();
    }
    UserId user = user(id);
    return named == null ? UserTasks.own(user, prefix) : UserTasks.named(user, prefix);
  }

  private static UserId user(String id) {
    try {
      return UserId.parse(id);
    } catch (InvalidValueException e) {
      throw new InvalidInputException(
          List.of(Violation.of("user_id", String.valueOf(e.getMessage()))));
    }
  }
}
