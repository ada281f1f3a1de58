package dev.taskport.app.faults;

import java.util.Optional;

/** A way to the service. Safe for use by many threads. */
interface Door {
  /**
   * Sends one request, and tells the register the task's id if the answer does.
   *
   * @return empty when the request certainly changed nothing, and nothing was learnt
   */
  Optional<Answer> send(Register register, Request request);
}
