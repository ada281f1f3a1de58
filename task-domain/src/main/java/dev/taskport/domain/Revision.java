package dev.taskport.domain;

import java.time.Instant;

/**
 * One state of one task. The version alone would not do: a task that is deleted and created again
 * under its old id starts over at version 1, at another time.
 *
 * @param createdAt when the task was created
 * @param version 1 for a new task, raised by every modification
 */
public record Revision(Instant createdAt, long version) {}
