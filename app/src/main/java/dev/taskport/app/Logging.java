package dev.taskport.app;

import ch.qos.logback.classic.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Configures logging for the whole process. */
final class Logging {
  /**
   * The lowest level for the libraries, whatever is configured. At lower levels they log the
   * content of requests and statements, and Micronaut logs the database's password.
   */
  private static final Settings.LogLevel MOST_OF_LIBRARIES = Settings.LogLevel.WARN;

  private Logging() {}

  /** Sends all log output through {@link LogLayout} from now on. */
  static void start(Settings.LogLevel level) {
    setLevel("dev.taskport", level);
    setLevel(
        Logger.ROOT_LOGGER_NAME,
        level.compareTo(MOST_OF_LIBRARIES) < 0 ? MOST_OF_LIBRARIES : level);
    // The driver and the JDK use java.util.logging, which would print in a different layout.
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
