package dev.taskport.planted.elsewhere;

/** In no layer. */
final class Stray {}
