package dev.taskport.adapter.rest.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.util.concurrent.EventExecutor;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers requests whose results come later, without a thread that waits for them. Thread-safe. */
@Singleton
public final class LaterAnswers {
  private final UnderWay underWay;

  LaterAnswers(UnderWay underWay) {
    this.underWay = underWay;
  }

  /** Counts the requests that are carried out. Thread-safe. */
  public interface UnderWay {
    /** Counts a request until what this returns is run, once. */
    Runnable begin(HttpRequest<?> request);
  }

  /**
   * Makes the answer of the result on the thread that serves the request's connection.
   *
   * @param result what is asked for; must not block
   * @param answer must not block either
   */
  public <T, A> CompletionStage<A> answer(
      HttpRequest<?> request, Supplier<CompletionStage<T>> result, Function<T, A> answer) {
    EventExecutor loop = ((NettyHttpRequest<?>) request).getChannelHandlerContext().executor();
    Runnable end = underWay.begin(request);
    CompletionStage<T> later;
    try {
      later = result.get();
    } catch (RuntimeException | Error e) {
      later = CompletableFuture.failedStage(e);
    }
    CompletableFuture<A> answered = new CompletableFuture<>();
    var unused =
        later.whenComplete(
            (value, failure) -> {
              end.run();
              Runnable answering = () -> complete(answered, value, failure, answer);
              if (loop.inEventLoop()) {
                answering.run();
              } else {
                loop.execute(answering);
              }
            });
    return answered;
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
