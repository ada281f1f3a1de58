package dev.taskport.adapter.postgres.pipeline;

import dev.taskport.adapter.postgres.database.Deadline;
import dev.taskport.domain.UserId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An operation on its way; completed with its result. */
public abstract class PipelinedCall<O, R> extends CompletableFuture<R> {
  private final PipelinedWork<O, R> work;
  private final O operation;
  private final UserId user;
  private final @Nullable Object target;
  private final Deadline deadline;

  /**
   * @param target what a statement may be for only once; null if nothing
   */
  protected PipelinedCall(
      PipelinedWork<O, R> work,
      O operation,
      UserId user,
      @Nullable Object target,
      Deadline deadline) {
    this.work = work;
    this.operation = operation;
    this.user = user;
    this.target = target;
    this.deadline = deadline;
  }

  /** It is the first one of a statement that carries out so many. */
  protected abstract void sent(int operations);

  /**
   * Carries it out in another way, by the same deadline. It was not sent, or may be carried out
   * twice.
   */
  protected abstract CompletionStage<R> otherWay();

  /** Carries it out alone, by the same deadline; it has certainly not been. */
  protected abstract CompletionStage<R> alone();

  PipelinedWork<O, R> work() {
    return work;
  }

  protected final O operation() {
    return operation;
  }

  UserId user() {
    return user;
  }

  @Nullable Object target() {
    return target;
  }

  protected final Deadline deadline() {
    return deadline;
  }

  /** Whatever happens, the caller is told. */
  void goOtherWay() {
    follow(this::otherWay);
  }

  void goAlone() {
    follow(this::alone);
  }

  private void follow(Supplier<CompletionStage<R>> other) {
    try {
      var unused = other.get().whenComplete(this::end);
    } catch (RuntimeException | Error e) {
      completeExceptionally(e);
    }
  }

  private void end(@Nullable R result, @Nullable Throwable failure) {
    if (failure == null) {
      complete(result);
    } else {
      completeExceptionally(failure);
    }
  }
}
