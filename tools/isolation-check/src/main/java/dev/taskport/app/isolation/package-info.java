/** Proves on a running service that no user reaches another's tasks. */
@NullMarked
package dev.taskport.app.isolation;

import org.jspecify.annotations.NullMarked;
