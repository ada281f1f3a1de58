/**
 * What holds for every request and answer. {@code RequestIntake} and {@code RequestDeadline} stand
 * in each connection's Netty pipeline, before the framework: they mend or refuse what can't be read
 * safely, and close what doesn't end. {@code RequestFilters} then sees each request that has a
 * route, and each answer. The other classes read one header or the query, for whichever controller
 * needs it.
 */
@NullMarked
package dev.taskport.adapter.rest.http;

import org.jspecify.annotations.NullMarked;
