package dev.taskport.application;

import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * A task to be created.
 *
 * @param id the id that the client chose; {@code null} lets the service choose
 * @param content its title and other fields
 */
public record TaskDraft(@Nullable TaskId id, TaskContent content) {}
