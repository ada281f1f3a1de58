/** HTTP on one side, the use cases on the other: routes, JSON shapes, problems. */
@NullMarked
package dev.taskport.adapter.rest;

import org.jspecify.annotations.NullMarked;
