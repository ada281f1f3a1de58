/**
 * The routes that create, read, change and delete a single task. {@code TaskController} reads a
 * body by {@code TaskInput}, calls the use case, and answers with {@code TaskJson}.
 */
@NullMarked
package dev.taskport.adapter.rest.task;

import org.jspecify.annotations.NullMarked;
