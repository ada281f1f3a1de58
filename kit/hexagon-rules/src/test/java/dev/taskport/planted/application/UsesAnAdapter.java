package dev.taskport.planted.application;

import dev.taskport.planted.adapter.store.NotesInAMap;

/** An inner layer that uses an outer one. */
record UsesAnAdapter(NotesInAMap store) {}
