package dev.taskport.planted.adapter.web;

import dev.taskport.planted.application.TakeNote;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Unfinished after its constructor. */
final class InjectsIntoAField {
  @Inject @Nullable TakeNote takeNote;
}
