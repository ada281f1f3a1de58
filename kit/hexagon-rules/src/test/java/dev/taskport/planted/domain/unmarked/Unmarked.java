package dev.taskport.planted.domain.unmarked;

/** In a package that has no package-info.java. */
final class Unmarked {}
