package dev.taskport.adapter.postgres.batch;

import dev.taskport.adapter.postgres.database.NotDoneException;
import dev.taskport.adapter.postgres.pipeline.PipelinedWork;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How operations of one kind are carried out. */
public interface Work<O, R> extends PipelinedWork<O, R> {
  /** For operations that neither take long nor return much. */
  int MANY = 64;

  /** Carries out one operation by its plain statement, repeated as far as that is right. */
  R alone(O operation);

  /**
   * Carries out several by one statement, once, in the time that the caller has.
   *
   * @param answered to be run when the server has answered, before the answer is read
   * @return the result of each, in their order; null for one that was left alone
   * @throws NotDoneException when all were left alone
   */
  List<@Nullable R> together(List<O> operations, Runnable answered);
}
