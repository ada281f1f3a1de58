/**
 * The HTTP adapter. A request passes {@code http}, which makes it safe to read, then {@code token},
 * which identifies the caller. A controller of {@code task}, {@code list}, {@code trash}, {@code
 * changes}, {@code service} or {@code docs} calls a use case and turns its result into an answer.
 * {@code problem} turns every error into a problem document. This package holds two constants
 * classes that all of them share.
 */
@NullMarked
package dev.taskport.adapter.rest;

import org.jspecify.annotations.NullMarked;
