/**
 * Tasks, their values, their errors, and the port that a store of tasks implements. Where to find
 * what:
 *
 * <ul>
 *   <li>The task: {@code Task}, which is {@code TaskId}, owner and {@code TaskContent}; {@code
 *       NewTask} before it is stored; {@code TaskChange} for a modification, {@code Revision} and
 *       {@code Precondition} for one that must not overwrite another.
 *   <li>Its values: {@code Title}, {@code Description}, {@code Priority}, {@code Tag} and {@code
 *       Tags}, {@code DueDate} with its texts in {@code DueDateText}; {@code UserId} and {@code
 *       IdempotencyKey}. {@code Text} is the base of those that are one.
 *   <li>Lists: {@code TaskQuery} is a {@code TaskFilter} with its {@code Search}, a {@code
 *       TaskOrder}, a {@code PageStart} with its {@code Position}, and a limit; {@code TaskSummary}
 *       counts.
 *   <li>The port: {@code TaskRepository}, which answers with {@code CreateResult} and {@code
 *       WriteResult}; {@code StoreHealth} is one for probes.
 *   <li>Errors: {@code InvalidValueException} for refused input, {@code StoreUnavailableException}
 *       for a store that can't answer.
 * </ul>
 */
@NullMarked
package dev.taskport.domain;

import org.jspecify.annotations.NullMarked;
