/**
 * Rules for every request and answer. {@code RequestIntake} and {@code RequestDeadline} run in each
 * connection's Netty pipeline, before the framework. They repair or refuse requests that can't be
 * read safely, and close connections whose request takes too long. {@code RequestFilters} then sees
 * each request that has a route, and each answer. The other classes read one header or the query,
 * for whichever controller needs it.
 */
@NullMarked
package dev.taskport.adapter.rest.http;

import org.jspecify.annotations.NullMarked;
