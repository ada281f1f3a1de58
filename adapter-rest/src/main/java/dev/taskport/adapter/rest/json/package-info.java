/**
 * How JSON bodies and times are read and written: strictly after their RFCs, before anybody looks
 * at what they mean. The framework calls {@code JsonObjectReader} for a handler that takes a {@code
 * JsonObject}.
 */
@NullMarked
package dev.taskport.adapter.rest.json;

import org.jspecify.annotations.NullMarked;
