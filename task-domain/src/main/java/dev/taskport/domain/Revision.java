package dev.taskport.domain;

import java.time.Instant;

/**
 * One state of one task. The version alone would not be unique: a task that is deleted and created
 * again with the same id starts at version 1 again, but with a different time of creation.
 *
 * @param createdAt when the task was created
 * @param version 1 for a new task, raised by every modification
 */
public record Revision(Instant createdAt, long version) {}
