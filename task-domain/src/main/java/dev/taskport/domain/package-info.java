/** Tasks, their values, what can go wrong, and the port to whatever stores them. */
@NullMarked
package dev.taskport.domain;

import org.jspecify.annotations.NullMarked;
