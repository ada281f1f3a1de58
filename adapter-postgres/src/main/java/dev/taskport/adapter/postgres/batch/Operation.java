package dev.taskport.adapter.postgres.batch;

import dev.taskport.domain.UserId;
import org.jspecify.annotations.Nullable;

/** What a caller asks for. */
public interface Operation {
  /** Whose operation it is; batches are fair between users. */
  UserId user();

  /**
   * What may be in a batch only once, such as the row that is written; null if nothing. A later
   * operation on the same waits for a later batch. Only operations of one user may have the same.
   */
  @Nullable Object target();
}
