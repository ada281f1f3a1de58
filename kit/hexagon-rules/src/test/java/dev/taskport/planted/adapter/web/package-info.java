/** The driving adapter of the planted hexagon. */
@NullMarked
package dev.taskport.planted.adapter.web;

import org.jspecify.annotations.NullMarked;
