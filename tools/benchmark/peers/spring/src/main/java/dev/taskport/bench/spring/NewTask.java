package dev.taskport.bench.spring;

import org.jspecify.annotations.Nullable;

/** The body of a creation. */
record NewTask(@Nullable String title, @Nullable String description) {}
