package dev.taskport.adapter.postgres.pipeline;

import dev.taskport.adapter.postgres.PostgresStore;
import dev.taskport.domain.UserId;

/** For tests of other packages. */
public final class OpenPipelines {
  private OpenPipelines() {}

  /** Whether event loops carry out calls over connections of their own. */
  public static boolean areIn(PostgresStore store) {
    return store.context().getBean(Pipelines.class).isOpen();
  }

  /** Whether they do so for what this user writes. */
  public static boolean areForWritesOf(PostgresStore store, UserId user) {
    return store.context().getBean(Pipelines.class).isOpenForWritesOf(user);
  }
}
