package dev.taskport.adapter.rest.task;

import io.micronaut.serde.annotation.Serdeable;

/** An answer that says what was done. */
@Serdeable.Serializable
record Message(String message) {}
