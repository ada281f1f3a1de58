package dev.taskport.planted.domain;

import dev.taskport.planted.application.TakeNote;

/** An inner layer that uses an outer one. */
record UsesTheApplication(TakeNote takeNote) {}
