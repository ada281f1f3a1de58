package dev.taskport.adapter.rest;

/** Media types that the framework has no constant for. */
public final class MediaTypes {
  /** RFC 9457. */
  public static final String PROBLEM = "application/problem+json";

  /** RFC 7396. */
  public static final String MERGE_PATCH = "application/merge-patch+json";

  private MediaTypes() {}
}
