/**
 * Dumps and restores: {@code Dump} writes all of Taskport's data in a database to one file, {@code
 * Restore} loads it, {@code DumpFormat} defines the file's format.
 */
@NullMarked
package dev.taskport.adapter.postgres.dump;

import org.jspecify.annotations.NullMarked;
