/**
 * Batches that form by themselves. A call enters the {@code Lane} of its kind. If no statement of
 * the kind runs, it runs its own at once, the plain one, on its own thread. Otherwise it waits; the
 * next statement carries out all that wait, for their callers. {@code Batches} makes the lanes.
 */
@NullMarked
package dev.taskport.adapter.postgres.batch;

import org.jspecify.annotations.NullMarked;
