package dev.taskport.adapter.postgres.pipeline;

import dev.taskport.adapter.postgres.PostgresStore;

/** For tests of other packages. */
public final class OpenPipelines {
  private OpenPipelines() {}

  /** Whether event loops carry out calls over connections of their own. */
  public static boolean areIn(PostgresStore store) {
    return store.context().getBean(Pipelines.class).isOpen();
  }
}
