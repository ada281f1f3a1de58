/** Needs the egg. */
@NullMarked
package dev.taskport.planted.domain.chicken;

import org.jspecify.annotations.NullMarked;
