package dev.taskport.application;

import dev.taskport.domain.Description;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import org.jspecify.annotations.Nullable;

/**
 * A task to be created.
 *
 * @param id the id that the client chose; {@code null} lets the service choose
 * @param title what it is called
 * @param description more about it, if there is more
 */
public record TaskDraft(@Nullable TaskId id, Title title, @Nullable Description description) {}
