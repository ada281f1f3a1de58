package dev.taskport.adapter.rest.task;

import dev.taskport.adapter.rest.http.ConditionalHeaders;
import dev.taskport.adapter.rest.problem.PreconditionRequiredException;
import dev.taskport.domain.Precondition;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * Under which condition a task may be changed or deleted.
 *
 * @param requireIfMatch whether a request without {@code If-Match} is refused; by default the last
 *     write wins
 */
@ConfigurationProperties("taskport.writes")
record WritePolicy(@Bindable(defaultValue = "false") boolean requireIfMatch) {

  /**
   * What the request asks for.
   *
   * @throws PreconditionRequiredException when it asks for nothing, but must
   */
  Precondition precondition(ConditionalHeaders conditions) {
    if (requireIfMatch && !conditions.hasIfMatch()) {
      throw new PreconditionRequiredException();
    }
    return conditions.precondition();
  }
}
