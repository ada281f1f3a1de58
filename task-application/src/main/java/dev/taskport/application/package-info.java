/** The use cases: each a final class with one public method. */
@NullMarked
package dev.taskport.application;

import org.jspecify.annotations.NullMarked;
