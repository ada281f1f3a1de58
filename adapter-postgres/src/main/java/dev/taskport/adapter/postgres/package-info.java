/**
 * Tasks in PostgreSQL. {@code PostgresTaskRepository}, {@code PostgresTaskChangeLog} and {@code
 * PostgresTaskTrash} implement the ports and choose the statement ({@code KeyedCreation} and {@code
 * ListStatement} build the longer ones). A look-up, a change, a deletion or a creation passes a
 * {@code batch.Lane} first: with others that wait there, it becomes a {@code LookUpBatch}, {@code
 * WriteBatch} or {@code CreationBatch}. {@code database.Statements} runs the statement on a
 * connection of the pool, and {@code TaskRow} turns rows into tasks. {@code Cleanup} removes what
 * has expired.
 */
@NullMarked
package dev.taskport.adapter.postgres;

import org.jspecify.annotations.NullMarked;
