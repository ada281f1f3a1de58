/**
 * Tasks in PostgreSQL. {@code PostgresTaskRepository}, {@code PostgresTaskChangeLog} and {@code
 * PostgresTaskTrash} implement the ports and choose the statement ({@code KeyedCreation} and {@code
 * ListStatement} build the longer ones). {@code database.Statements} runs it on a connection of the
 * pool, and {@code TaskRow} turns rows into tasks. {@code Cleanup} removes what has expired.
 */
@NullMarked
package dev.taskport.adapter.postgres;

import org.jspecify.annotations.NullMarked;
