package dev.taskport.adapter.rest.problem;

/** This deployment wants every write to name the state it starts from: 428. */
public final class PreconditionRequiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
