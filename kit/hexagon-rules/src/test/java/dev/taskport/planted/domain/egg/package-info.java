/** Needs the chicken. */
@NullMarked
package dev.taskport.planted.domain.egg;

import org.jspecify.annotations.NullMarked;
