/**
 * Where the database is. {@code DatabaseUrl} reads {@code DATABASE_URL} in every form that people
 * have; {@code DriverParameters} translates its parameters; the result is a {@code
 * DatabaseAddress}.
 */
@NullMarked
package dev.taskport.adapter.postgres.address;

import org.jspecify.annotations.NullMarked;
