/** What lists and their indexes cost, measured: see {@code docs/performance.md}. */
@NullMarked
package dev.taskport.bench;

import org.jspecify.annotations.NullMarked;
