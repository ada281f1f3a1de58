package dev.taskport.adapter.postgres.pipeline;

import dev.taskport.adapter.postgres.database.Deadline;
import dev.taskport.adapter.postgres.database.SqlStates;
import dev.taskport.adapter.postgres.database.Turns;
import dev.taskport.domain.StoreUnavailableException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection over which an event loop reads, or writes. What has come in while the loop served
 * its clients goes out together, operations of a kind in one statement; a second statement is on
 * its way while the server carries out the first. So neither waits for the other.
 *
 * <p>When anything goes wrong, the connection is not used any longer. What the server has rolled
 * back is then carried out alone. What was not sent, and what may be repeated, goes the other way.
 * Nobody knows what became of the rest: its callers are told so.
 *
 * <p>The server answers in the order of {@link #unanswered}. Used by its loop only, except for what
 * only tells something.
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

  /** After that the server is asked for a sign of life before the connection is used. */
  private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final int MOST_SECONDS_TO_END = 15;

  private final EventLoop loop;
  private final PgConnection login;
  private final boolean writes;
  private final int generation;
  private final Listener listener;
  private final long since = System.nanoTime();

  private final Map<PipelinedWork<?, ?>, Line<?, ?>> lines = new LinkedHashMap<>();
  private int waiting;
  private long lastLook = since;

  private final ArrayDeque<Sent<?, ?>> unanswered = new ArrayDeque<>();

  /** The names of the prepared statements, by their texts. */
  private final Map<String, String> names = new HashMap<>();

  private final WireRow row = new WireRow();
  private @Nullable Channel channel;
  private @Nullable Future<?> ages;
  private @Nullable ByteBuf incomplete;
  private @Nullable ServerErrorMessage error;
  private @Nullable ServerErrorMessage unconfirmed;
  private boolean cancelled;
  private boolean aboutToSend;
  private boolean asked;
  private volatile long lastAnswer = since;
  private volatile boolean retired;
  private volatile boolean closed;

  /** The earliest of what is unanswered; null if nothing is. */
  private volatile @Nullable Deadline earliest;

  /** Is told by the loop. */
  interface Listener {
    /** Something is unanswered now: {@link #isLate} is to be asked. */
    void used();

    /** A statement was slow. */
    void slow();

    /** It is closed. */
    void closed(Pipeline pipeline);
  }

  /**
   * @param login what the driver knows of the connection
   * @param writes whether it is for what writes
   * @param generation of the pool's connections when it was opened
   */
  Pipeline(EventLoop loop, PgConnection login, boolean writes, int generation, Listener listener) {
    this.loop = loop;
    this.login = login;
    this.writes = writes;
    this.generation = generation;
    this.listener = listener;
  }

  EventLoop loop() {
    return loop;
  }

  /** Whether something is unanswered. */
  boolean isUsed() {
    return earliest != null;
  }

  /** Whether something unanswered has less than half of its time left. */
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

  /** Is not used any longer. What may have written something is waited for. */
  void end(String why) {
    if (writes) {
      retire();
    } else {
      close(why);
    }
  }

  /** Takes nothing more, and is closed when all is answered. */
  private void retire() {
    retired = true;
    if (waiting == 0 && unanswered.isEmpty() && !asked) {
      close("It is old, or not used");
    }
  }

  /** Whether nothing is unanswered, and the server has said nothing for a while. */
  boolean isSilent() {
    return earliest == null && System.nanoTime() - lastAnswer > SILENT_NANOS;
  }

  /** Carries it out soon, or has it carried out in another way. */
  <O, R> void submit(PipelinedCall<O, R> call) {
    if (isSilent()) {
      ask(call.deadline());
    }
    if (closed || asked || waiting >= MOST_WAITING) {
      call.goOtherWay();
      return;
    }
    line(call.work()).add(call);
    waiting++;
    if (!aboutToSend && unanswered.size() < MOST_UNANSWERED) {
      aboutToSend = true;
      try {
        loop.execute(this::send); // when all is read that has come in
      } catch (RuntimeException | Error e) {
        close("The loop takes nothing more: " + e);
      }
    }
  }

  /** Asks the server for a sign of life: a connection may be dead without a word. */
  private void ask(Deadline deadline) {
    Channel open = channel;
    if (open == null) {
      return;
    }
    try {
      ByteBuf out = open.alloc().buffer();
      Wire.sync(out);
      asked = true;
      earliest = deadline;
      listener.used();
      var unused = open.writeAndFlush(out, open.voidPromise());
    } catch (RuntimeException | Error e) {
      close("It could not be asked: " + e);
    }
  }

  @SuppressWarnings("unchecked")
  private <O, R> Line<O, R> line(PipelinedWork<O, R> work) {
    return (Line<O, R>) lines.computeIfAbsent(work, Line::new);
  }

  private void send() {
    aboutToSend = false;
    leaveIfLate();
    if (closed || waiting == 0 || channel == null || unanswered.size() == MOST_UNANSWERED) {
      return;
    }
    ByteBuf out = null;
    try {
      out = channel.alloc().buffer();
      List<Sent<?, ?>> sent = new ArrayList<>();
      for (Line<?, ?> line : lines.values()) {
        if (!line.calls.isEmpty() && unanswered.size() + sent.size() < MOST_UNANSWERED) {
          sent.add(write(line, out));
        }
      }
      sent.forEach(this::sent);
      var unused = channel.writeAndFlush(out, channel.voidPromise());
    } catch (RuntimeException | Error e) {
      if (out != null && out.refCnt() > 0) {
        out.release();
      }
      close("A statement could not be sent: " + e);
    }
  }

  private <O, R> Sent<O, R> write(Line<O, R> line, ByteBuf out) {
    List<PipelinedCall<O, R>> calls = line.next();
    PipelinedStatement<R> statement =
        line.work.statement(calls.stream().map(PipelinedCall::operation).toList());
    String name = names.get(statement.sql());
    if (name == null) {
      name = "statement_" + names.size();
      names.put(statement.sql(), name);
      Wire.parse(out, name, statement.sql(), statement.types());
    }
    Wire.execute(out, name, statement.arguments());
    return new Sent<>(line, calls, earliest(calls), statement.answer());
  }

  private static <O, R> Deadline earliest(List<PipelinedCall<O, R>> calls) {
    Deadline earliest = calls.get(0).deadline();
    for (PipelinedCall<O, R> call : calls) {
      if (call.deadline().answerNanos() < earliest.answerNanos()) {
        earliest = call.deadline();
      }
    }
    return earliest;
  }

  private void sent(Sent<?, ?> sent) {
    unanswered.add(sent);
    sent.line.remove(sent.calls);
    waiting -= sent.calls.size();
    // The kind that was served comes last the next time.
    lines.remove(sent.line.work);
    lines.put(sent.line.work, sent.line);
    earliest = earliest();
    if (unanswered.size() == 1) {
      lastAnswer = System.nanoTime();
      listener.used();
    }
    sent.calls.get(0).sent(sent.calls.size());
  }

  /** That of what is unanswered. */
  private @Nullable Deadline earliest() {
    Deadline earliest = null;
    for (Sent<?, ?> sent : unanswered) {
      if (earliest == null || sent.earliest.answerNanos() < earliest.answerNanos()) {
        earliest = sent.earliest;
      }
    }
    return earliest;
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
        row.read(body);
        unanswered.element().answer.add(row);
      }
      case 'E' -> {
        error = Wire.words(body);
        if (unanswered.isEmpty()) {
          close("The server ends the session with SQLSTATE " + error.getSQLState());
        }
      }
      case 'N' -> {
        ServerErrorMessage notice = Wire.words(body);
        unconfirmed = SqlStates.meansUnconfirmed(notice) ? notice : unconfirmed;
      }
      case 'Z' -> answered();
      default -> {} // it is done
    }
  }

  private void answered() {
    if (asked) {
      asked = false;
      earliest = null;
      lastAnswer = System.nanoTime();
      if (retired) {
        retire();
      }
      return;
    }
    Sent<?, ?> sent = unanswered.element();
    Runnable tell = error != null ? sent::refused : sent.results(unconfirmed);
    if (error != null) {
      LOG.debug("The server rolled a statement back, with SQLSTATE {}", error.getSQLState());
      retired = true;
    }
    error = null;
    unconfirmed = null;
    cancelled = false;
    unanswered.remove();
    long now = System.nanoTime();
    if (now - lastAnswer > SLOW_NANOS) {
      listener.slow();
    }
    lastAnswer = now;
    earliest = earliest();
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
    LOG.debug("A connection of an event loop failed", failure);
    close("It failed");
  }

  /** To be called while {@link #isLate}. */
  void late() {
    Deadline deadline = earliest;
    if (deadline == null || deadline.isFar()) {
      return;
    }
    listener.slow();
    if (!writes || asked || deadline.answerNanos() <= 0) {
      close("It takes too long");
      return;
    }
    leaveIfLate();
    if (!cancelled && deadline.remainingMs() <= 0) {
      // The request may hit the next statement: its calls are then carried out alone.
      cancelled = true;
      retired = true;
      onThread("database-cancel", this::cancel);
    }
  }

  private void cancel() {
    try {
      login.cancelQuery();
    } catch (SQLException e) {
      LOG.debug("A statement could not be cancelled", e);
    }
  }

  /** Closes the connection; its calls go the other way, or are told that nobody knows. */
  private void close(String why) {
    if (closed) {
      return;
    }
    closed = true;
    earliest = null;
    LOG.debug("{}: the connection is closed with {} statements unanswered", why, unanswered.size());
    boolean busy = !unanswered.isEmpty();
    List<Runnable> tell = new ArrayList<>();
    unanswered.forEach(sent -> tell.add(() -> sent.lost(why)));
    unanswered.clear();
    lines.values().forEach(line -> line.calls.forEach(call -> tell.add(call::goOtherWay)));
    lines.clear();
    waiting = 0;
    tell.forEach(Runnable::run);
    if (incomplete != null) {
      incomplete.release();
      incomplete = null;
    }
    if (ages != null) {
      ages.cancel(false);
    }
    listener.closed(this);
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
    if (!onThread("database-cancel", () -> logOut(busy))) {
      anyway.run();
    }
  }

  /** Runs what may wait for the server; false if it can't. */
  private static boolean onThread(String name, Runnable work) {
    try {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      thread.start();
      return true;
    } catch (Error e) { // no further thread can be made
      LOG.debug("A connection is left without a word to the server", e);
      return false;
    }
  }

  /** May wait for the server. */
  private void logOut(boolean busy) {
    if (busy) {
      cancel();
    }
    try {
      login.close();
    } catch (SQLException e) {
      LOG.debug("A connection could not be closed properly", e);
    }
  }

  /** The calls of a kind that wait. */
  private static final class Line<O, R> {
    private final PipelinedWork<O, R> work;
    private final ArrayDeque<PipelinedCall<O, R>> calls = new ArrayDeque<>();

    Line(PipelinedWork<O, R> work) {
      this.work = work;
    }

    void add(PipelinedCall<O, R> call) {
      calls.add(call);
    }

    /**
     * Those of the next statement: in their order or, if they are too many, in turns of the users.
     * If any wait, there is one at least.
     */
    List<PipelinedCall<O, R>> next() {
      List<PipelinedCall<O, R>> next = new ArrayList<>();
      Set<Object> targets = new HashSet<>();
      boolean few = calls.size() <= work.most();
      for (PipelinedCall<O, R> call : few ? calls : Turns.of(calls, PipelinedCall::user)) {
        Object target = call.target();
        if (next.size() < work.most() && (target == null || targets.add(target))) {
          next.add(call);
        }
      }
      return next;
    }

    /** Removes some of those that wait. */
    void remove(List<? extends PipelinedCall<?, ?>> gone) {
      if (gone.size() == calls.size()) {
        calls.clear();
      } else {
        calls.removeIf(new HashSet<>(gone)::contains);
      }
    }
  }

  /** A statement on its way, for these calls. */
  private record Sent<O, R>(
      Line<O, R> line,
      List<PipelinedCall<O, R>> calls,
      Deadline earliest,
      PipelinedStatement.Answer<R> answer) {
    /**
     * Returns what tells each its result.
     *
     * @param unconfirmed null, or that the synchronous standby has not confirmed the changes
     */
    Runnable results(@Nullable ServerErrorMessage unconfirmed) {
      if (unconfirmed != null) {
        String words = "The standby has not confirmed the change";
        return () -> fail(words, new IllegalStateException(unconfirmed.toString()));
      }
      List<? extends @Nullable R> results = answer.results();
      return () -> {
        for (int i = 0; i < calls.size(); i++) {
          R result = results.get(i);
          if (result == null) {
            calls.get(i).goAlone();
          } else {
            calls.get(i).complete(result);
          }
        }
      };
    }

    /** Sends each another way: the server has rolled it back. */
    void refused() {
      calls.forEach(PipelinedCall::goAlone);
    }

    /** Sends each another way, or tells it that nobody knows what became of it. */
    void lost(String why) {
      if (line.work.isRepeatable()) {
        calls.forEach(PipelinedCall::goOtherWay);
      } else {
        fail("Nobody knows whether the change was made", new TimeoutException(why));
      }
    }

    private void fail(String words, Exception cause) {
      for (PipelinedCall<O, R> call : calls) {
        call.completeExceptionally(new StoreUnavailableException(words, cause));
      }
    }
  }
}
