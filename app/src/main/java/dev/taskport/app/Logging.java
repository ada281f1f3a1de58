package dev.taskport.app;

import ch.qos.logback.classic.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets the log up, for all of the process. */
final class Logging {
  /**
   * The libraries' most talkative level, whatever is set: below it they print what requests and
   * statements hold, and Micronaut the password of the database.
   */
  private static final Settings.LogLevel MOST_OF_LIBRARIES = Settings.LogLevel.WARN;

  private Logging() {}

  /** Everything that is logged goes through the log's layout from now on. */
  static void start(Settings.LogLevel level) {
    setLevel("dev.taskport", level);
    setLevel(
        Logger.ROOT_LOGGER_NAME,
        level.compareTo(MOST_OF_LIBRARIES) < 0 ? MOST_OF_LIBRARIES : level);
    // The driver and the JDK log by java.util.logging, which would print in a layout of its own.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) ->
            LoggerFactory.getLogger(Logging.class).error("Thread {} ended", thread.getName(), e));
  }

  private static void setLevel(String logger, Settings.LogLevel level) {
    ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(logger))
        .setLevel(Level.valueOf(level.name()));
  }
}
