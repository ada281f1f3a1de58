package dev.taskport.adapter.rest.operation;

import org.jspecify.annotations.Nullable;

/**
 * A request whose answer has been written, or whose connection has ended before that. It contains
 * nothing that belongs to a user: no path, no query, no token.
 *
 * @param method the method; OTHER for one that HTTP doesn't define
 * @param route the route's template, such as <code>/api/{user_id}/tasks</code>; null if the request
 *     belongs to none
 * @param status the answer's status; 0 if there was no complete answer
 * @param nanos the time from the request's headers to the end of the answer
 * @param bytes the length of the answer's body, as it was sent
 * @param requestId the request's id; null if the answer has none
 * @param traceId the id of the request's trace; null if requests are not traced
 * @param refusal why the service refused it to protect itself or because the database was away, in
 *     a word; null if it didn't
 * @param replayed whether the answer repeats that to an earlier request with the same idempotency
 *     key
 */
record ServedRequest(
    String method,
    @Nullable String route,
    int status,
    long nanos,
    long bytes,
    @Nullable String requestId,
    @Nullable String traceId,
    @Nullable String refusal,
    boolean replayed) {}
