package dev.taskport.planted.domain.chicken;

import dev.taskport.planted.domain.egg.Egg;

/** Half of a circle. */
public record Chicken(Egg hatchedFrom) {}
