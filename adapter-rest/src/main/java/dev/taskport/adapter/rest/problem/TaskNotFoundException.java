package dev.taskport.adapter.rest.problem;

/** The user has no such task: 404. */
public final class TaskNotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
