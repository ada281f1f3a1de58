/** No layer of the planted hexagon. */
@NullMarked
package dev.taskport.planted.elsewhere;

import org.jspecify.annotations.NullMarked;
