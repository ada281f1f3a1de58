/**
 * The routes that tell what changed: {@code ChangesController} answers with a page of changes, or
 * opens a stream of events. A client's place in the log is a {@code SyncToken}.
 *
 * <p>{@code EventStreams} knows the open streams of this instance. One poller asks how far the logs
 * of all their users have come; where there is news, a page is read once for all streams that stand
 * at the same point, and becomes an {@code EventPage}. An {@code EventStream} knows where it
 * stands; its {@code EventConnection} sends bytes when the client takes them, on the connection's
 * event loop, and heartbeats in between. No stream has a thread of its own, or more than one page
 * that waits.
 */
@NullMarked
package dev.taskport.adapter.rest.changes;

import org.jspecify.annotations.NullMarked;
