package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.RequestId;
import dev.taskport.adapter.rest.http.BytesInFlight;
import dev.taskport.adapter.rest.http.EntityTag;
import dev.taskport.adapter.rest.http.Gzip;
import dev.taskport.adapter.rest.task.TaskJson;
import dev.taskport.application.TaskPage;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Task;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.netty.channel.ChannelHandlerContext;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
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

  /** In bytes. The socket takes it in one piece. */
  private static final int CHUNK = 16 * 1024;

  /** In bytes: more than the framework compresses on the event loop. */
  private static final int LONG = 64 * 1024;

  /** In bytes: what is kept of a page while the client takes it. */
  private static final int PAGE = 128 * 1024;

  private final ExecutorService blocking;
  private final BytesInFlight inFlight;

  TaskArrayWriter(BytesInFlight inFlight, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.inFlight = inFlight;
    this.blocking = blocking;
  }

  @Override
  public CloseableByteBody writePiece(
      ByteBodyFactory factory,
      HttpRequest<?> request,
      HttpResponse<?> response,
      Argument<TaskArray> type,
      MediaType mediaType,
      TaskArray tasks) {
    byte[] whole = tasks.takeWhole();
    if (whole != null) {
      return factory.adapt(
          isToBeCompressed(whole, request, response) ? compressed(whole, response) : whole);
    }
    ChannelHandlerContext connection = ((NettyHttpRequest<?>) request).getChannelHandlerContext();
    Chunks chunks = new Chunks(tasks);
    return factory.adapt(
        Flux.<byte[]>generate(chunks::next)
            .subscribeOn(threadsFor(request))
            // When the client disconnects, the framework cancels on the event loop. It fails on a
            // chunk that arrives on a different thread after that.
            .publishOn(Schedulers.fromExecutor(connection.executor()), 1)
            .doFinally(end -> chunks.forget())
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

  /** The threads for what is read for a request. */
  private Scheduler threadsFor(HttpRequest<?> request) {
    // Not an ExecutorService: Reactor would interrupt its tasks when the client disconnects, and
    // the store would lose a connection.
    return Schedulers.fromExecutor(
        task -> ServerRequestContext.with(request, (Runnable) () -> blocking.execute(task)));
  }

  /** Shorter ones are left to the framework. */
  private static boolean isToBeCompressed(
      byte[] whole, HttpRequest<?> request, HttpResponse<?> response) {
    return whole.length > LONG
        && Gzip.isAccepted(request.getHeaders())
        && !EntityTag.isStrong(response.getHeaders().get(HttpHeaders.ETAG));
  }

  private static byte[] compressed(byte[] whole, HttpResponse<?> response) {
    byte[] compressed = Gzip.compress(whole);
    ((MutableHttpResponse<?>) response).header(HttpHeaders.CONTENT_ENCODING, Gzip.NAME);
    return compressed;
  }

  private static void report(String request, long tasks, Throwable e) {
    if (e instanceof StoreUnavailableException) {
      LOG.warn("Request {}: the list broke off after {} tasks: {}", request, tasks, e.getMessage());
    } else {
      LOG.error("Request {}: the list broke off after {} tasks", request, tasks, e);
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
    private final TaskArray.Reader reader;
    private @Nullable Position end;
    private byte[] page = {};
    private int next;
    private int last;
    private long tasks;

    /** How many tasks to read at a time. */
    private int limit;

    private final int most;

    /** In bytes, as counted among those in flight; -1 when they are given up. */
    private int held;

    Chunks(TaskArray array) {
      reader = array.reader();
      TaskPage first = array.takeFirst();
      most = Math.max(1, first.tasks().size());
      take(first);
    }

    /**
     * Keeps about the first {@link #PAGE} bytes of what was read; the rest is read again when its
     * turn comes. Writes the closing bracket only after the last page.
     */
    private void take(TaskPage read) {
      List<Task> taken = read.tasks();
      end = read.end();
      page = TaskJson.array(taken);
      limit = (int) Math.max(1, Math.min(most, (long) taken.size() * PAGE / page.length));
      if (taken.size() > limit) {
        taken = taken.subList(0, limit);
        end = reader.positionOf(taken.get(limit - 1));
        page = TaskJson.array(taken);
      }
      tasks += taken.size();
      last = end == null ? page.length : page.length - 1;
    }

    private void readOn(Position from) {
      TaskPage read = reader.read(new PageStart.After(from), limit);
      take(read);
      if (read.tasks().isEmpty()) {
        next = 1; // only the closing bracket
      } else {
        page[0] = ',';
        next = 0;
      }
    }

    private synchronized void count() {
      if (held >= 0) {
        inFlight.add(page.length - held);
        held = page.length;
      }
    }

    /** The client has all, or is gone. */
    synchronized void forget() {
      inFlight.remove(Math.max(0, held));
      held = -1;
    }

    void next(SynchronousSink<byte[]> sink) {
      if (next == last && end != null) {
        readOn(end);
      }
      count();
      int to = Math.min(next + CHUNK, last);
      sink.next(Arrays.copyOfRange(page, next, to));
      next = to;
      if (next == last && end == null) {
        sink.complete();
      }
    }
  }
}
