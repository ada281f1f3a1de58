package dev.taskport.planted.adapter.web;

import dev.taskport.planted.adapter.store.NotesInAMap;

/** An adapter that bypasses the use cases. */
record UsesTheOtherAdapter(NotesInAMap store) {}
