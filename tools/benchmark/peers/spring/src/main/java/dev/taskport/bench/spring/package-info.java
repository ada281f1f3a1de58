/** A plain service of tasks on Spring Boot, to measure Taskport against. */
@NullMarked
package dev.taskport.bench.spring;

import org.jspecify.annotations.NullMarked;
