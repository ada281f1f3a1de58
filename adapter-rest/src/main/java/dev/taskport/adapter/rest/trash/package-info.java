/**
 * The routes of a user's deleted tasks: {@code TrashController} lists them and restores one.
 * Deleting, also for good, is a route of a task.
 */
@NullMarked
package dev.taskport.adapter.rest.trash;

import org.jspecify.annotations.NullMarked;
