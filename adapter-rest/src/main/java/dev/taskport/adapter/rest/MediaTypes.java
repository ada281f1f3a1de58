package dev.taskport.adapter.rest;

/** Media types that the framework has no constant for. */
final class MediaTypes {
  /** RFC 9457. */
  static final String PROBLEM = "application/problem+json";

  /** RFC 7396. */
  static final String MERGE_PATCH = "application/merge-patch+json";

  private MediaTypes() {}
}
