/** The benchmarks: see {@code docs/performance.md}. */
@NullMarked
package dev.taskport.bench;

import org.jspecify.annotations.NullMarked;
