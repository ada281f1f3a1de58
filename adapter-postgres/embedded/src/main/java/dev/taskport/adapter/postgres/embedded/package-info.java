/**
 * A PostgreSQL server of the service's own. {@code EmbeddedPostgres} locks the data folder ({@code
 * DataFolder}), unpacks the programs ({@code Binaries}), stops a server that a killed service left
 * behind ({@code OrphanServer}), makes the database if there is none ({@code Cluster}), and starts
 * the server ({@code ServerProcess}), again if it dies ({@code KeptServer}).
 */
@NullMarked
package dev.taskport.adapter.postgres.embedded;

import org.jspecify.annotations.NullMarked;
