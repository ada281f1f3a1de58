/**
 * Calls of a store that keep no thread waiting, for programs that serve many callers with few
 * threads ({@link dev.taskport.domain.async.AsyncTaskRepository}). A store that has no such calls
 * implements none of this; {@link dev.taskport.domain.async.ThreadedTaskRepository} makes them of
 * the others.
 */
@NullMarked
package dev.taskport.domain.async;

import org.jspecify.annotations.NullMarked;
