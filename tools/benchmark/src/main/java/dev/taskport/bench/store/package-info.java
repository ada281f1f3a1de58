/** The benchmark of lists and their indexes: see {@code docs/performance.md}. */
@NullMarked
package dev.taskport.bench.store;

import org.jspecify.annotations.NullMarked;
