/**
 * Errors. Handlers throw an exception of this package or of the domain; {@code ProblemHandlers}
 * maps each to a status and a sentence; {@code Problems} writes the answer. It also writes the
 * framework's own errors, so all errors have the same form.
 */
@NullMarked
package dev.taskport.adapter.rest.problem;

import org.jspecify.annotations.NullMarked;
