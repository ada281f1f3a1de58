package dev.taskport.planted.domain.egg;

import dev.taskport.planted.domain.chicken.Chicken;

/** The other half. */
public record Egg(Chicken laidBy) {}
