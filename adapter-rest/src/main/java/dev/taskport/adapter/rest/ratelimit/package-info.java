/**
 * How many requests for tasks a client may send, if the settings say so: {@code RateLimits} counts,
 * {@code RateLimitFilter} refuses and tells.
 */
@NullMarked
package dev.taskport.adapter.rest.ratelimit;

import org.jspecify.annotations.NullMarked;
