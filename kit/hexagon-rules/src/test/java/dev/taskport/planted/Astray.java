package dev.taskport.planted;

/** In no layer either. */
public final class Astray {}
