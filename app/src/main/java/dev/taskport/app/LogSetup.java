package dev.taskport.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Where log records go, until {@link Logging} sets their levels. In Java rather than XML, because
 * reading XML takes a tenth of the start.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  /** A configurator, for Logback. */
  public LogSetup() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogLayout layout = new LogLayout();
    layout.setContext(context);
    layout.start();
    RequestLines lines = new RequestLines(layout);
    lines.setContext(context);
    lines.start();
    ch.qos.logback.classic.Logger requests = context.getLogger(Logging.REQUESTS);
    requests.setLevel(Level.OFF);
    requests.setAdditive(false);
    requests.addAppender(lines);
    // Says only why it could not start, and so does the exception.
    level(context, "io.micronaut.http.server.netty.NettyHttpServer", Level.OFF);
    // Warns, with the bytes that came, for each client that doesn't speak TLS.
    level(context, "io.netty.handler.ssl.ApplicationProtocolNegotiationHandler", Level.OFF);
    // Warns for each connection that it loses; the service logs an outage as a whole.
    level(context, "com.zaxxer.hikari", Level.ERROR);
    level(context, "dev.taskport", Level.INFO);
    level(context, Logger.ROOT_LOGGER_NAME, Level.WARN);
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(output(context, layout));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static void level(LoggerContext context, String logger, Level level) {
    context.getLogger(logger).setLevel(level);
  }

  private static Appender<ILoggingEvent> output(LoggerContext context, LogLayout layout) {
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> output = new ConsoleAppender<>();
    output.setContext(context);
    output.setEncoder(encoder);
    output.start();
    return output;
  }
}
