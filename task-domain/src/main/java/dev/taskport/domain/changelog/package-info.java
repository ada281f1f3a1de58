/**
 * What happened to a user's tasks: the log of changes, which a follower reads to keep a copy
 * ({@link dev.taskport.domain.changelog.TaskChangeLog}), and the deleted tasks, which can be
 * restored ({@link dev.taskport.domain.changelog.TaskTrash}). Every change has a number. A store
 * that has no log implements none of this.
 */
@NullMarked
package dev.taskport.domain.changelog;

import org.jspecify.annotations.NullMarked;
