/**
 * All that Taskport keeps in a database, as one file, and back: {@code Dump} writes it, {@code
 * Restore} reads it, {@code DumpFormat} is what both mean by it.
 */
@NullMarked
package dev.taskport.adapter.postgres.dump;

import org.jspecify.annotations.NullMarked;
