/**
 * How queries are read. {@code QueryInput} reads the parameters that a route knows, and reports all
 * errors together. {@code OpaqueText} makes values that a client gets from an answer and sends back
 * in a query: cursors and sync tokens.
 */
@NullMarked
package dev.taskport.adapter.rest.query;

import org.jspecify.annotations.NullMarked;
