package dev.taskport.adapter.rest.problem;

/** This deployment requires {@code If-Match} for every write, and the request has none: 428. */
public final class PreconditionRequiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
