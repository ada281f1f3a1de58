/** The benchmarks of the running service: requests, start, profile, and how flat it all stays. */
@NullMarked
package dev.taskport.bench.http;

import org.jspecify.annotations.NullMarked;
