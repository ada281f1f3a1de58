/** A plain service of tasks on Vert.x, to measure Taskport against. */
@NullMarked
package dev.taskport.bench.vertx;

import org.jspecify.annotations.NullMarked;
