/**
 * The database's address. {@code DatabaseUrl} parses {@code DATABASE_URL} in all common forms;
 * {@code DriverParameters} translates its parameters; the result is a {@code DatabaseAddress}.
 */
@NullMarked
package dev.taskport.adapter.postgres.address;

import org.jspecify.annotations.NullMarked;
