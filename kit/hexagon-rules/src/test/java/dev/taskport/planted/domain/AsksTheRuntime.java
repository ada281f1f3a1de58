package dev.taskport.planted.domain;

/** Depends on the machine. */
final class AsksTheRuntime {
  int parts() {
    return Runtime.getRuntime().availableProcessors();
  }
}
