/**
 * The routes that create a task, and those of one task. {@code TaskController} takes a body apart
 * by {@code TaskInput}, calls the use case, and answers with {@code TaskJson}.
 */
@NullMarked
package dev.taskport.adapter.rest.task;

import org.jspecify.annotations.NullMarked;
