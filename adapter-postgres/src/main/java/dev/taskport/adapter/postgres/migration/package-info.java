/**
 * Brings the database's schema up to date before the service starts. {@code Migrations} looks at
 * what is there ({@code SchemaState}), takes over the old backend's table if it finds that ({@code
 * legacy}), and has Flyway run the scripts of {@code db/migration}.
 */
@NullMarked
package dev.taskport.adapter.postgres.migration;

import org.jspecify.annotations.NullMarked;
