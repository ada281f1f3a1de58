/**
 * What an operator needs: connections that end in order when the service stops, a line in the log
 * and a measurement for each request, and the request's id in every line of the log.
 *
 * <p>{@code ConnectionHandler} sees each request and each answer on its connection, or HTTP/2
 * stream; {@code GoAwayHandler} ends the connections of HTTP/2. The former asks {@code Draining}
 * whether the connection may stay open, and tells each {@code RequestObserver} about a finished
 * request. {@code RequestContext} gives it the route, which only the framework knows.
 *
 * <p>{@code RequestLimit} bounds how many requests are carried out at once, fairly between callers
 * by what {@code RequestsByCaller} counts; {@code OverloadFilter} refuses the rest.
 *
 * <p>With a tracer, {@code RequestTraces} begins and ends a span for each request, and {@code
 * TraceContext} makes it the parent of what the store does for the request.
 */
@NullMarked
package dev.taskport.adapter.rest.operation;

import org.jspecify.annotations.NullMarked;
