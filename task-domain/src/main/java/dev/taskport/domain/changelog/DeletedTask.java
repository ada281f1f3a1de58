package dev.taskport.domain.changelog;

import dev.taskport.domain.Task;
import java.time.Instant;

/**
 * A deleted task that can be restored.
 *
 * @param task as it was when it was deleted
 * @param deletedAt when, by the store's clock, in microseconds
 * @param number the number of its deletion in the change log
 */
public record DeletedTask(Task task, Instant deletedAt, long number) {}
