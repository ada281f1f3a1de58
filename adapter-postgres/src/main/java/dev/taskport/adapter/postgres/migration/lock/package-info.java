/**
 * What both kinds of migration stand on: one instance at a time, tries that wait for a table's lock
 * without blocking others, and the exception that says why a migration stopped.
 */
@NullMarked
package dev.taskport.adapter.postgres.migration.lock;

import org.jspecify.annotations.NullMarked;
