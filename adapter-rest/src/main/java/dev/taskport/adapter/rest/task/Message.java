package dev.taskport.adapter.rest.task;

import io.micronaut.serde.annotation.Serdeable;

/** The body of an answer: a sentence about what was done. */
@Serdeable.Serializable
record Message(String message) {}
