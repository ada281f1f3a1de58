/** The wiring of the planted hexagon. */
@NullMarked
package dev.taskport.planted.app;

import org.jspecify.annotations.NullMarked;
