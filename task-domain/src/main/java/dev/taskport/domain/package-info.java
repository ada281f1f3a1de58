/** Tasks, their values, their errors, and the port that a store of tasks implements. */
@NullMarked
package dev.taskport.domain;

import org.jspecify.annotations.NullMarked;
