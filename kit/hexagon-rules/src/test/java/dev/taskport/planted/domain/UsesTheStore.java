package dev.taskport.planted.domain;

import dev.taskport.planted.adapter.store.NotesInAMap;
import java.util.List;

/** An inner layer that uses an outer one, in a type argument. */
record UsesTheStore(List<NotesInAMap> stores) {}
