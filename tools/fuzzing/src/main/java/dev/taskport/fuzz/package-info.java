/** Fuzzing of the running service: requests made from its OpenAPI document, answers held to it. */
@NullMarked
package dev.taskport.fuzz;

import org.jspecify.annotations.NullMarked;
