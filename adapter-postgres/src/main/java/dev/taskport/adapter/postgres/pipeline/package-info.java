/**
 * Reads without threads: the event loops that serve the clients speak to the server themselves,
 * over a connection each, and don't wait for one answer before they ask for the next. What can't be
 * done so goes the way of all other calls.
 */
@NullMarked
package dev.taskport.adapter.postgres.pipeline;

import org.jspecify.annotations.NullMarked;
