/** The use cases of the planted hexagon. */
@NullMarked
package dev.taskport.planted.application;

import org.jspecify.annotations.NullMarked;
