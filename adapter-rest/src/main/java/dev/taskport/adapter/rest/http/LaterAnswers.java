package dev.taskport.adapter.rest.http;

import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.netty.util.concurrent.EventExecutor;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers requests without making the thread that serves their connection wait. Thread-safe. */
@Singleton
public final class LaterAnswers {
  private final UnderWay underWay;
  private final ExecutorService threads;

  LaterAnswers(UnderWay underWay, @Named(TaskExecutors.BLOCKING) ExecutorService threads) {
    this.underWay = underWay;
    this.threads = threads;
  }

  /** Counts the requests that are carried out. Thread-safe. */
  public interface UnderWay {
    /**
     * Begins the work when there is a place for the request: at once, as a rule. The request is
     * counted from now on.
     *
     * @param work must not block; runs what it is given when the request is done, once
     */
    void begin(HttpRequest<?> request, Consumer<Runnable> work);
  }

  /**
   * Makes the answer of the result on the thread that serves the request's connection. No thread
   * waits for the result.
   *
   * @param result what is asked for; must not block
   * @param answer must not block either
   */
  public <T, A> CompletionStage<A> answer(
      HttpRequest<?> request, Supplier<CompletionStage<T>> result, Function<T, A> answer) {
    EventExecutor loop = ((NettyHttpRequest<?>) request).getChannelHandlerContext().executor();
    CompletableFuture<A> answered = new CompletableFuture<>();
    underWay.begin(
        request,
        end -> {
          var unused =
              begun(result)
                  .whenComplete(
                      (value, failure) -> {
                        end.run();
                        Runnable answering = () -> complete(answered, value, failure, answer);
                        if (loop.inEventLoop()) {
                          answering.run();
                        } else {
                          loop.execute(answering);
                        }
                      });
        });
    return answered;
  }

  private static <T> CompletionStage<T> begun(Supplier<CompletionStage<T>> result) {
    try {
      return result.get();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** Makes the answer, which may block, on a thread of its own. */
  public <A> CompletionStage<A> onThread(Supplier<A> answer) {
    return CompletableFuture.supplyAsync(PropagatedContext.wrapCurrent(answer), threads);
  }

  private static <T, A> void complete(
      CompletableFuture<A> answered, T value, @Nullable Throwable failure, Function<T, A> answer) {
    if (failure != null) {
      answered.completeExceptionally(cause(failure));
      return;
    }
    A made;
    try {
      made = answer.apply(value);
    } catch (RuntimeException | Error e) {
      answered.completeExceptionally(e);
      return;
    }
    answered.complete(made);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
