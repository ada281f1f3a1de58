/** What every task store must pass, a store in memory, and the architecture rules as code. */
@NullMarked
package dev.taskport.testkit;

import org.jspecify.annotations.NullMarked;
