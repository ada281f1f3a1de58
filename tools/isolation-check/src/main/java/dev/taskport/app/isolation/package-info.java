/** Checks, on a running service, that no user can reach a different user's tasks. */
@NullMarked
package dev.taskport.app.isolation;

import org.jspecify.annotations.NullMarked;
