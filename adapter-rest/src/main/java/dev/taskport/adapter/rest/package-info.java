/**
 * The way in by HTTP. A request passes {@code http}, which makes it safe to read, then {@code
 * token}, which decides who calls; a controller of {@code task}, {@code list}, {@code service} or
 * {@code docs} calls a use case and turns its outcome into an answer. Whatever goes wrong on the
 * way becomes a problem in {@code problem}. This package holds the two names that all of them
 * share.
 */
@NullMarked
package dev.taskport.adapter.rest;

import org.jspecify.annotations.NullMarked;
