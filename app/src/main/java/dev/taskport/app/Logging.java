package dev.taskport.app;

import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets the log up; to be called before the first logger is made. */
final class Logging {
  /**
   * The libraries' most talkative level, whatever is set: above it Netty, Micronaut, the pool and
   * the driver print requests with their headers, statements with their values.
   */
  private static final Settings.LogLevel MOST_OF_LIBRARIES = Settings.LogLevel.WARN;

  private Logging() {}

  /** Everything that is printed goes through the log's layout from now on. */
  static void start(Settings.LogLevel level) {
    System.setProperty("taskport.log-level", level.name());
    Settings.LogLevel ofLibraries =
        level.compareTo(MOST_OF_LIBRARIES) < 0 ? MOST_OF_LIBRARIES : level;
    System.setProperty("taskport.library-log-level", ofLibraries.name());
    // The driver and the JDK log by java.util.logging, which would print in a layout of its own.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) ->
            LoggerFactory.getLogger(Taskport.class).error("Thread {} ended", thread.getName(), e));
  }
}
