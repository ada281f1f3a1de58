package dev.taskport.planted.domain;

import org.generator.Generated;
import org.junit.jupiter.api.Tag;

/** What is generated has no business in the core. */
@Generated
@Tag("framework")
public final class $Note$Definition {}
