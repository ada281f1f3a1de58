package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.RequestId;
import dev.taskport.adapter.rest.task.TaskJson;
import dev.taskport.application.TaskPage;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.StoreUnavailableException;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.json.JsonMapper;
import io.micronaut.scheduling.TaskExecutors;
import io.netty.channel.ChannelHandlerContext;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Writes tasks as JSON: a single page as a whole, a longer list in chunks. A chunk is made only
 * when the client has received the chunks before it, so a list needs no more memory than a page.
 */
@Singleton
@Produces(MediaType.APPLICATION_JSON)
final class TaskArrayWriter implements ResponseBodyWriter<TaskArray> {
  private static final Logger LOG = LoggerFactory.getLogger(TaskArrayWriter.class);

  /**
   * In bytes. An idle connection is closed, so a chunk must be small enough for a slow client to
   * receive in time.
   */
  private static final int CHUNK = 16 * 1024;

  private final JsonMapper json;
  private final Scheduler blocking;

  TaskArrayWriter(JsonMapper json, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.json = json;
    // Not an ExecutorService: Reactor would interrupt its tasks when the client disconnects, and
    // the store would lose a connection.
    this.blocking = Schedulers.fromExecutor(task -> blocking.execute(task));
  }

  @Override
  public CloseableByteBody writePiece(
      ByteBodyFactory factory,
      HttpRequest<?> request,
      HttpResponse<?> response,
      Argument<TaskArray> type,
      MediaType mediaType,
      TaskArray tasks) {
    if (tasks.first().end() == null) {
      return factory.adapt(json(tasks.first()));
    }
    ChannelHandlerContext connection = ((NettyHttpRequest<?>) request).getChannelHandlerContext();
    Chunks chunks = new Chunks(tasks);
    return factory.adapt(
        Flux.<byte[]>generate(chunks::next)
            .subscribeOn(blocking)
            // When the client disconnects, the framework cancels on the event loop. It fails on a
            // chunk that arrives on a different thread after that.
            .publishOn(Schedulers.fromExecutor(connection.executor()), 1)
            .map(factory.readBufferFactory()::adapt)
            .onErrorResume(
                e -> {
                  report(RequestId.of(request), chunks.tasks, e);
                  // The status has been sent, so only closing the connection can report the error.
                  // The result never completes: completing it would make the array look complete.
                  var unused = connection.close();
                  return Flux.never();
                }));
  }

  private static void report(String request, long tasks, Throwable e) {
    if (e instanceof StoreUnavailableException) {
      LOG.warn("Request {}: the list broke off after {} tasks: {}", request, tasks, e.getMessage());
    } else {
      LOG.error("Request {}: the list broke off after {} tasks", request, tasks, e);
    }
  }

  private byte[] json(TaskPage page) {
    try {
      return json.writeValueAsBytes(
          Argument.listOf(TaskJson.class), page.tasks().stream().map(TaskJson::of).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Not used: for a response, the framework calls {@link #writePiece}. */
  @Override
  public void writeTo(
      Argument<TaskArray> type,
      MediaType mediaType,
      TaskArray tasks,
      MutableHeaders headers,
      OutputStream out) {
    throw new UnsupportedOperationException("Tasks are written to responses");
  }

  /** The bytes of an array, made on demand. */
  private final class Chunks {
    private final Function<PageStart, TaskPage> reader;
    private @Nullable Position end;
    private byte[] page;
    private int next;
    private int last;
    private long tasks;

    Chunks(TaskArray array) {
      reader = array.reader();
      page = json(array.first());
      take(array.first());
    }

    /** Writes the closing bracket only after the last page. */
    private void take(TaskPage read) {
      end = read.end();
      tasks += read.tasks().size();
      last = end == null ? page.length : page.length - 1;
    }

    private void readOn(Position from) {
      TaskPage read = reader.apply(new PageStart.After(from));
      page = json(read);
      if (read.tasks().isEmpty()) {
        next = 1; // only the closing bracket
      } else {
        page[0] = ',';
        next = 0;
      }
      take(read);
    }

    void next(SynchronousSink<byte[]> sink) {
      if (next == last && end != null) {
        readOn(end);
      }
      int to = Math.min(next + CHUNK, last);
      sink.next(Arrays.copyOfRange(page, next, to));
      next = to;
      if (next == last && end == null) {
        sink.complete();
      }
    }
  }
}
