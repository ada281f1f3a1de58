/**
 * Shared by both kinds of migration: the lock that admits one instance at a time, repeated short
 * attempts to lock a table without blocking others, and the exception that says why a migration
 * stopped.
 */
@NullMarked
package dev.taskport.adapter.postgres.migration.lock;

import org.jspecify.annotations.NullMarked;
