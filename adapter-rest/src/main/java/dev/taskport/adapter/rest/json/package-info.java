/**
 * How JSON bodies and times are read and written: strictly by their RFCs. Their meaning is checked
 * later. The framework calls {@code JsonObjectReader} for a handler that takes a {@code
 * JsonObject}. Tasks are written by a {@code JsonWriter} into {@code JsonBytes}; other bodies by
 * the framework.
 */
@NullMarked
package dev.taskport.adapter.rest.json;

import org.jspecify.annotations.NullMarked;
