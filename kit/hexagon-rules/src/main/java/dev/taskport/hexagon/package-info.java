/**
 * Architecture rules for a hexagon: describe it by a {@link dev.taskport.hexagon.Hexagon}, and let
 * a test implement {@link dev.taskport.hexagon.HexagonContract}.
 */
@NullMarked
package dev.taskport.hexagon;

import org.jspecify.annotations.NullMarked;
