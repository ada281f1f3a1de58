package dev.taskport.adapter.postgres.pipeline;

import dev.taskport.adapter.postgres.database.Deadline;
import dev.taskport.adapter.postgres.database.Turns;
import dev.taskport.adapter.postgres.pipeline.PipelinedRead.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection over which an event loop reads. What has come in while the loop served its clients
 * goes out together, reads of a kind in one statement; a second statement is on its way while the
 * server carries out the first. So neither waits for the other.
 *
 * <p>When anything goes wrong, the connection is closed, and all its calls go the other way: they
 * only read. What is in {@link #unanswered} was sent, in this order, or the connection is closed.
 * Used by its loop only, except for what only tells something.
 */
final class Pipeline extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  private static final int MOST_UNANSWERED = 2;

  private static final int MOST_WAITING = 1_000;

  /** In bytes: the type of a message, and its length. */
  private static final int HEAD = 5;

  /** A statement that takes longer is better carried out in parts, at the same time. */
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Like those of the pool, which lives half an hour, or less than five minutes without use. */
  private static final long LIFE_NANOS = TimeUnit.MINUTES.toNanos(30);

  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(4);

  private static final int MOST_SECONDS_TO_END = 15;

  private final EventLoop loop;
  private final PgConnection login;
  private final int generation;
  private final Listener listener;
  private final long since = System.nanoTime();

  private final Map<PipelinedRead<?, ?>, Line<?, ?>> lines = new LinkedHashMap<>();
  private int waiting;
  private long lastLook = since;

  private final ArrayDeque<Statement<?, ?>> unanswered = new ArrayDeque<>();

  /** The names of the prepared statements, by their texts. */
  private final Map<String, String> names = new HashMap<>();

  private final WireRow row = new WireRow();
  private @Nullable Channel channel;
  private @Nullable Future<?> ages;
  private @Nullable ByteBuf incomplete;
  private @Nullable String error;
  private boolean aboutToSend;
  private long lastAnswer = since;
  private volatile boolean retired;
  private volatile boolean closed;

  /** The earliest of the oldest statement; null if none is unanswered. */
  private volatile @Nullable Deadline earliest;

  /** Is told by the loop. */
  interface Listener {
    /** A statement is unanswered now: {@link #isLate} is to be asked. */
    void used();

    /** A statement was slow. */
    void slow();

    /** It is closed. */
    void closed();
  }

  /**
   * @param login what the driver knows of the connection
   * @param generation of the pool's connections when it was opened
   */
  Pipeline(EventLoop loop, PgConnection login, int generation, Listener listener) {
    this.loop = loop;
    this.login = login;
    this.generation = generation;
    this.listener = listener;
  }

  EventLoop loop() {
    return loop;
  }

  /** Whether a statement is unanswered. */
  boolean isUsed() {
    return earliest != null;
  }

  /** Whether its oldest statement has too little time left to go on waiting here. */
  boolean isLate() {
    Deadline deadline = earliest;
    return deadline != null && !deadline.isFar();
  }

  /** Whether it takes calls, while the pool's connections are of this generation. */
  boolean isOpen(int current) {
    return !closed && !retired && generation == current;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
    ages = loop.scheduleWithFixedDelay(this::retireIfOld, 1, 1, TimeUnit.MINUTES);
  }

  private void retireIfOld() {
    long now = System.nanoTime();
    if (now - since > LIFE_NANOS || now - lastAnswer > IDLE_NANOS) {
      retire();
    }
  }

  /** Takes nothing more, and is closed when all is answered. */
  void retire() {
    retired = true;
    if (waiting == 0 && unanswered.isEmpty()) {
      close("It is old, or not used");
    }
  }

  /** Reads soon, or in the other way. */
  <O, R> void submit(PipelinedCall<O, R> call) {
    if (closed || waiting >= MOST_WAITING) {
      call.goOtherWay();
      return;
    }
    line(call.read()).add(call);
    waiting++;
    if (!aboutToSend && unanswered.size() < MOST_UNANSWERED) {
      aboutToSend = true;
      loop.execute(this::send); // when all is read that has come in
    }
  }

  @SuppressWarnings("unchecked")
  private <O, R> Line<O, R> line(PipelinedRead<O, R> read) {
    return (Line<O, R>) lines.computeIfAbsent(read, Line::new);
  }

  private void send() {
    aboutToSend = false;
    leaveIfLate();
    if (closed || waiting == 0 || channel == null || unanswered.size() == MOST_UNANSWERED) {
      return;
    }
    ByteBuf out = channel.alloc().buffer();
    try {
      for (Line<?, ?> line : List.copyOf(lines.values())) {
        if (!line.calls.isEmpty() && unanswered.size() < MOST_UNANSWERED) {
          send(line, out);
        }
      }
    } catch (RuntimeException | Error e) {
      out.release();
      close("A statement could not be sent: " + e);
      return;
    }
    var unused = channel.writeAndFlush(out, channel.voidPromise());
  }

  private <O, R> void send(Line<O, R> line, ByteBuf out) {
    PipelinedRead<O, R> read = line.read;
    List<PipelinedCall<O, R>> calls = line.next();
    waiting -= calls.size();
    List<O> operations = calls.stream().map(PipelinedCall::operation).toList();
    Statement<O, R> statement = new Statement<>(calls, read.answer(operations));
    unanswered.add(statement);
    // The kind that was served comes last the next time.
    lines.remove(read);
    lines.put(read, line);
    boolean alone = statement.isAlone();
    String sql = read.sql(alone);
    String name = names.get(sql);
    if (name == null) {
      name = "read_" + names.size();
      names.put(sql, name);
      Wire.parse(out, name, sql, read.types(), !alone);
    }
    Wire.execute(out, name, read.types(), operations.stream().map(read::arguments).toList());
    calls.get(0).count().accept(calls.size());
    if (unanswered.size() == 1) {
      earliest = statement.earliest();
      lastAnswer = System.nanoTime();
      listener.used();
    }
  }

  /** Sends those the other way who have waited for half of their time. */
  private void leaveIfLate() {
    long now = System.nanoTime();
    if (waiting == 0 || now - lastLook < LOOK_NANOS) {
      return;
    }
    lastLook = now;
    List<PipelinedCall<?, ?>> late = new ArrayList<>();
    for (Line<?, ?> line : lines.values()) {
      line.calls.removeIf(call -> !call.deadline().isFar() && late.add(call));
    }
    waiting -= late.size();
    late.forEach(PipelinedCall::goOtherWay);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (incomplete != null) {
      in = incomplete.writeBytes(in);
      ((ByteBuf) message).release();
      incomplete = null;
    }
    try {
      while (!closed && in.readableBytes() >= HEAD) {
        int start = in.readerIndex();
        int length = in.getInt(start + 1);
        if (in.readableBytes() <= length) {
          break;
        }
        take((char) in.getByte(start), in.slice(start + HEAD, length + 1 - HEAD));
        in.readerIndex(start + 1 + length);
      }
      if (in.isReadable() && !closed) {
        incomplete = context.alloc().buffer(in.readableBytes()).writeBytes(in);
      }
    } finally {
      in.release();
    }
  }

  private void take(char type, ByteBuf body) {
    switch (type) {
      case 'D' -> {
        Statement<?, ?> statement = unanswered.element();
        row.read(body);
        statement.answer.add(statement.isAlone() ? 0 : row.place() - 1, row);
      }
      case 'E' -> error = Wire.sqlState(body);
      case 'Z' -> answered();
      default -> {} // it is done, or a notice
    }
  }

  private void answered() {
    if (error != null) {
      close("The server answered with SQLSTATE " + error);
      return;
    }
    Runnable tell = unanswered.element().results();
    unanswered.remove();
    long now = System.nanoTime();
    if (now - lastAnswer > SLOW_NANOS) {
      listener.slow();
    }
    lastAnswer = now;
    Statement<?, ?> next = unanswered.peek();
    earliest = next == null ? null : next.earliest();
    try {
      send();
    } finally {
      tell.run();
    }
    if (retired) {
      retire();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    close("The connection is lost");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    LOG.debug("A connection for reads failed", failure);
    close("It failed");
  }

  /** Closes it because its oldest statement is late. */
  void closeAsLate() {
    if (isLate()) {
      listener.slow();
      close("It takes too long");
    }
  }

  /** Closes the connection; its calls go the other way. */
  void close(String why) {
    if (closed) {
      return;
    }
    closed = true;
    earliest = null;
    LOG.debug(
        "{}: the connection is closed, {} statements go the other way", why, unanswered.size());
    boolean busy = !unanswered.isEmpty();
    List<PipelinedCall<?, ?>> calls = new ArrayList<>();
    unanswered.forEach(statement -> calls.addAll(statement.calls));
    unanswered.clear();
    lines.values().forEach(line -> calls.addAll(line.calls));
    lines.clear();
    waiting = 0;
    calls.forEach(PipelinedCall::goOtherWay);
    if (incomplete != null) {
      incomplete.release();
      incomplete = null;
    }
    if (ages != null) {
      ages.cancel(false);
    }
    listener.closed();
    endSoon(busy);
  }

  private void endSoon(boolean busy) {
    Channel ending = channel;
    if (ending == null) {
      return;
    }
    Runnable anyway =
        () -> {
          var unusedFuture = ending.close();
        };
    var unused = loop.schedule(anyway, MOST_SECONDS_TO_END, TimeUnit.SECONDS);
    try {
      Thread thread = new Thread(() -> end(busy), "database-cancel");
      thread.setDaemon(true);
      thread.start();
    } catch (Error e) { // no further thread can be made
      LOG.debug("A connection is closed without a word to the server", e);
      anyway.run();
    }
  }

  /** May wait for the server. */
  private void end(boolean busy) {
    try {
      if (busy) {
        login.cancelQuery();
      }
      login.close();
    } catch (SQLException e) {
      LOG.debug("A connection could not be closed properly", e);
    }
  }

  /** The calls of a kind that wait. */
  private static final class Line<O, R> {
    private final PipelinedRead<O, R> read;
    private final ArrayDeque<PipelinedCall<O, R>> calls = new ArrayDeque<>();

    Line(PipelinedRead<O, R> read) {
      this.read = read;
    }

    void add(PipelinedCall<O, R> call) {
      calls.add(call);
    }

    /** Removes those of the next statement: in their order or, if they are too many, in turns. */
    List<PipelinedCall<O, R>> next() {
      List<PipelinedCall<O, R>> next = new ArrayList<>(calls);
      calls.clear();
      if (next.size() > read.most()) {
        next = Turns.of(next, PipelinedCall::user);
        calls.addAll(next.subList(read.most(), next.size()));
        next = next.subList(0, read.most());
      }
      return next;
    }
  }

  private record Statement<O, R>(List<PipelinedCall<O, R>> calls, Answer<R> answer) {
    boolean isAlone() {
      return calls.size() == 1;
    }

    Deadline earliest() {
      Deadline earliest = calls.get(0).deadline();
      for (PipelinedCall<O, R> call : calls) {
        if (call.deadline().answerNanos() < earliest.answerNanos()) {
          earliest = call.deadline();
        }
      }
      return earliest;
    }

    /** Returns what tells each its result. */
    Runnable results() {
      List<R> results = answer.results();
      return () -> {
        for (int i = 0; i < calls.size(); i++) {
          calls.get(i).complete(results.get(i));
        }
      };
    }
  }
}
