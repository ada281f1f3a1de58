/** The main class, the wiring of the modules, and their configuration. */
@NullMarked
package dev.taskport.app;

import org.jspecify.annotations.NullMarked;
