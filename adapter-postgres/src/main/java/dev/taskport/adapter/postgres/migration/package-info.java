/**
 * Migrates the database's schema before the service starts. {@code Migrations} examines the
 * database ({@code SchemaState}), takes over the old backend's table if there is one ({@code
 * legacy}), and lets Flyway run the scripts in {@code db/migration}.
 */
@NullMarked
package dev.taskport.adapter.postgres.migration;

import org.jspecify.annotations.NullMarked;
