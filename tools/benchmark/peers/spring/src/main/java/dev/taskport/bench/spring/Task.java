package dev.taskport.bench.spring;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A task as it is answered. */
record Task(
    UUID id,
    String userId,
    String title,
    @Nullable String description,
    boolean completed,
    String createdAt,
    String updatedAt,
    String priority,
    List<String> tags,
    @Nullable String dueDate) {}
