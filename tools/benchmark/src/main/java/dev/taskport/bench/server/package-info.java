/** The PostgreSQL that is measured, and what all parts of the benchmark say on the way. */
@NullMarked
package dev.taskport.bench.server;

import org.jspecify.annotations.NullMarked;
