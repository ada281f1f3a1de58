/**
 * Tasks in PostgreSQL. A call of the port comes to {@code PostgresTaskRepository}, which picks the
 * statement ({@code KeyedCreation} and {@code ListStatement} make the longer ones); {@code
 * Statements} runs it on a connection of the pool; {@code TaskRow} turns rows into tasks.
 */
@NullMarked
package dev.taskport.adapter.postgres;

import org.jspecify.annotations.NullMarked;
