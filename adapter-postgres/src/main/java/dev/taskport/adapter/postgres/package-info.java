/**
 * Tasks in PostgreSQL. {@code PostgresTaskRepository} implements the port and chooses the statement
 * ({@code KeyedCreation} and {@code ListStatement} build the longer ones); {@code Statements} runs
 * it on a connection of the pool; {@code TaskRow} turns rows into tasks.
 */
@NullMarked
package dev.taskport.adapter.postgres;

import org.jspecify.annotations.NullMarked;
