package dev.taskport.planted.domain;

/** Sound. */
public record Owner(String name) {}
