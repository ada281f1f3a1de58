package dev.taskport.adapter.postgres.pipeline;

import dev.taskport.adapter.postgres.database.Deadline;
import dev.taskport.domain.UserId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A read on its way. */
public final class PipelinedCall<O, R> extends CompletableFuture<R> {
  private final PipelinedRead<O, R> read;
  private final O operation;
  private final UserId user;
  private final Deadline deadline;
  private final IntConsumer count;
  private final Supplier<CompletionStage<R>> otherwise;

  /**
   * @param count is told how many operations the statement carried out, once for each statement
   * @param otherwise reads in another way, by the same deadline
   */
  public PipelinedCall(
      PipelinedRead<O, R> read,
      O operation,
      UserId user,
      Deadline deadline,
      IntConsumer count,
      Supplier<CompletionStage<R>> otherwise) {
    this.read = read;
    this.operation = operation;
    this.user = user;
    this.deadline = deadline;
    this.count = count;
    this.otherwise = otherwise;
  }

  PipelinedRead<O, R> read() {
    return read;
  }

  O operation() {
    return operation;
  }

  UserId user() {
    return user;
  }

  Deadline deadline() {
    return deadline;
  }

  IntConsumer count() {
    return count;
  }

  /** Reads in the other way; whatever happens, the caller is told. */
  void goOtherWay() {
    try {
      var unused = otherwise.get().whenComplete(this::end);
    } catch (RuntimeException | Error e) {
      completeExceptionally(e);
    }
  }

  private void end(@Nullable R result, @Nullable Throwable failure) {
    if (failure == null) {
      complete(result);
    } else if (failure instanceof CompletionException && failure.getCause() != null) {
      completeExceptionally(failure.getCause());
    } else {
      completeExceptionally(failure);
    }
  }
}
