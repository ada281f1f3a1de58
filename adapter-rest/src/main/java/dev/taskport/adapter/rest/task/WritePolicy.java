package dev.taskport.adapter.rest.task;

import dev.taskport.adapter.rest.http.ConditionalHeaders;
import dev.taskport.adapter.rest.problem.PreconditionRequiredException;
import dev.taskport.domain.Precondition;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * The precondition for changing or deleting a task.
 *
 * @param requireIfMatch whether a request without {@code If-Match} is refused; by default the last
 *     write wins
 */
@ConfigurationProperties("taskport.writes")
record WritePolicy(@Bindable(defaultValue = "false") boolean requireIfMatch) {

  /**
   * The precondition that the request asks for.
   *
   * @throws PreconditionRequiredException when the request has none, but must have one
   */
  Precondition precondition(ConditionalHeaders conditions) {
    if (requireIfMatch && !conditions.hasIfMatch()) {
      throw new PreconditionRequiredException();
    }
    return conditions.precondition();
  }
}
