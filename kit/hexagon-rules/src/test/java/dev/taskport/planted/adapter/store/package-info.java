/** The driven adapter of the planted hexagon. */
@NullMarked
package dev.taskport.planted.adapter.store;

import org.jspecify.annotations.NullMarked;
