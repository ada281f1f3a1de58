package dev.taskport.planted.domain;

import io.micronaut.core.annotation.Generated;
import org.junit.jupiter.api.Tag;

/** What Micronaut generates has no business in the core. */
@Generated
@Tag("framework")
public final class $Note$Definition {}
