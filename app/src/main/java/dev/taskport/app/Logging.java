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

  /** The logger of the lines of requests. */
  static final String REQUESTS = "dev.taskport.access";

  private Logging() {}

  /** Sends all log output through {@link LogLayout} from now on. */
  static void start(Settings settings) {
    Settings.LogLevel level = settings.logLevel();
    LogLayout.setFormat(settings.logFormat());
    setLevel("dev.taskport", level);
    // Whether requests are logged is a setting of its own.
    setLevel(REQUESTS, settings.accessLog() ? Settings.LogLevel.INFO : Settings.LogLevel.OFF);
    setLevel(
        Logger.ROOT_LOGGER_NAME,
        level.compareTo(MOST_OF_LIBRARIES) < 0 ? MOST_OF_LIBRARIES : level);
    // It would write a line for each batch; Tracing says it once.
    setLevel("io.opentelemetry.exporter", Settings.LogLevel.OFF);
    // The driver and the JDK use java.util.logging, which would print in a different layout.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) ->
            LoggerFactory.getLogger(Logging.class).error("Thread {} ended", thread.getName(), e));
  }

  /** Writes the lines of requests that are still waiting to be written. */
  static void flush() {
    logger(REQUESTS).detachAndStopAllAppenders();
  }

  private static void setLevel(String logger, Settings.LogLevel level) {
    logger(logger).setLevel(Level.valueOf(level.name()));
  }

  private static ch.qos.logback.classic.Logger logger(String name) {
    return (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(name);
  }
}
