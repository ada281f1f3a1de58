/**
 * Errors, in and out. Handlers throw an exception of this package (or the domain's); {@code
 * ProblemHandlers} says what each becomes; {@code Problems} alone writes the answer, the
 * framework's own errors included, so that no error looks different from the others.
 */
@NullMarked
package dev.taskport.adapter.rest.problem;

import org.jspecify.annotations.NullMarked;
