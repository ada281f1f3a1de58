/** main, the wiring of the parts, and their configuration. */
@NullMarked
package dev.taskport.app;

import org.jspecify.annotations.NullMarked;
