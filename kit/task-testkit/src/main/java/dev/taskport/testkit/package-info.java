/** The tests that every store of tasks must pass, and a store in memory. */
@NullMarked
package dev.taskport.testkit;

import org.jspecify.annotations.NullMarked;
