package dev.taskport.adapter.postgres.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of the times in which the database can't answer. */
class OutagesTest {
  private final AtomicLong seconds = new AtomicLong();
  private final Outages outages =
      new Outages(
          "jdbc:postgresql://a:5432,b:5433/tasks?sslmode=require",
          () -> TimeUnit.SECONDS.toNanos(seconds.get()));

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Outages.class);

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  private static StoreUnavailableException failure(Reason reason) {
    return new StoreUnavailableException(reason, "No answer", new SQLException("refused"));
  }

  private List<String> lines() {
    return log.list.stream()
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }

  @Test
  void anOutageIsALineWhenItBeginsAndALineWithACountWhenItIsOver() {
    outages.answered(true);
    for (int i = 0; i <= 8; i++) {
      seconds.set(i);
      outages.refused(failure(Reason.UNREACHABLE));
      outages.noticed(failure(Reason.UNREACHABLE));
      outages.answered(true); // some get through
    }
    seconds.set(13);
    outages.answered(true);
    assertEquals(1, log.list.size());
    seconds.set(14);
    outages.answered(true);
    outages.answered(true);
    outages.refused(failure(Reason.UNREACHABLE));

    assertEquals(
        List.of(
            "WARN The database is down (a:5432,b:5433): No answer: refused",
            "INFO Over after 8 s, 9 calls were refused: The database is down",
            "WARN The database is down (a:5432,b:5433): No answer: refused"),
        lines());
  }

  @Test
  void eachReasonHasItsWordsAndAFullDiskIsOverWithAWrite() {
    for (Reason reason : Reason.values()) {
      outages.refused(failure(reason));
    }
    seconds.set(6);
    outages.answered(false);
    outages.answered(true);

    assertEquals(
        List.of(
            "WARN The database is down (a:5432,b:5433): No answer: refused",
            "WARN The database is too busy (a:5432,b:5433): No answer: refused",
            "WARN The database's disk is full (a:5432,b:5433): No answer: refused",
            "INFO Over after 0 s, 1 calls were refused: The database is down",
            "INFO Over after 0 s, 1 calls were refused: The database is too busy",
            "INFO Over after 0 s, 1 calls were refused: The database's disk is full"),
        lines());
  }
}
