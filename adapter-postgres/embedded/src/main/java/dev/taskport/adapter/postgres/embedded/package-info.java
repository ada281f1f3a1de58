/**
 * A PostgreSQL server that the service runs itself. {@code EmbeddedPostgres} locks the data folder
 * ({@code DataFolder}), unpacks the programs ({@code Binaries}), stops a server that a killed
 * service left running ({@code OrphanServer}), creates the database if there is none ({@code
 * Cluster}), and starts the server ({@code ServerProcess}). {@code KeptServer} restarts it if it
 * dies.
 */
@NullMarked
package dev.taskport.adapter.postgres.embedded;

import org.jspecify.annotations.NullMarked;
