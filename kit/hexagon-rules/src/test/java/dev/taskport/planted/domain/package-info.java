/** A small hexagon, half of whose classes break a rule each: the innermost layer. */
@NullMarked
package dev.taskport.planted.domain;

import org.jspecify.annotations.NullMarked;
