package dev.taskport.adapter.rest;

/** The user has no such task: 404. */
final class TaskNotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
