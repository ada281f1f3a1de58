package dev.taskport.planted.domain;

/** Half of a circle of files in one package. */
record Hen(Nest nest) {}
