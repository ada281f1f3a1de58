/**
 * The way to the database, for every statement. A call enters {@code Statements}, which gives it a
 * deadline ({@code Deadline}, {@code DeadlineWatch}) and its turn at the pool ({@code LongReads}
 * for searches and counts), repeats what may be repeated, and says why the store is unavailable.
 * The pool ({@code DatabaseProperties}, {@code PoolSetup}) opens connections to the primary through
 * {@code PrimaryDataSource} and {@code ConnectionAttempts}. {@code DatabaseHealth}, {@code
 * DiskSpace} and {@code Outages} tell how the database is.
 */
@NullMarked
package dev.taskport.adapter.postgres.database;

import org.jspecify.annotations.NullMarked;
