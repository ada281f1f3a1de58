package dev.taskport.planted.domain;

import org.junit.jupiter.api.Tag;

/** A framework's annotation in the core. */
@Tag("framework")
final class WearsAnAnnotation {}
