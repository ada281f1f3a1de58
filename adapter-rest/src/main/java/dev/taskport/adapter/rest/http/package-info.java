/**
 * Rules for every request and answer. {@code RequestIntake} runs in each connection's Netty
 * pipeline, before the framework. It repairs or refuses requests that can't be read safely. {@code
 * SequentialCodec} before it takes one request after the other, {@code AnswerFlow} lets answers
 * leave as the client takes them, and both close connections that are too slow. In HTTP/2 each
 * stream has such a pipeline, with {@code StreamIntake} in place of the codec, and {@code
 * FrameGuard} watches the connection. {@code RequestFilters} then sees each request that has a
 * route, and each answer. The other classes read one header or the query, for whichever controller
 * needs it.
 */
@NullMarked
package dev.taskport.adapter.rest.http;

import org.jspecify.annotations.NullMarked;
