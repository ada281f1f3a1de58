package dev.taskport.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * The format of a log record: one line with time, level, logger and message, then the exception, if
 * there is one, each of its lines after a tab. Characters with which outside text could start a new
 * line, or hide or move text on a terminal, become spaces. Thread-safe.
 */
public final class LogLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final Pattern LINE_BREAK = Pattern.compile("\\R");

  /** Control and format characters (escape sequences, text direction), line separators. */
  private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

  @Override
  public String doLayout(ILoggingEvent event) {
    String logger = event.getLoggerName();
    StringBuilder text =
        new StringBuilder(256)
            .append(TIME.format(event.getInstant()))
            .append(String.format(" %-5s ", event.getLevel()))
            .append(logger.substring(logger.lastIndexOf('.') + 1))
            .append(" - ")
            .append(safe(String.valueOf(event.getFormattedMessage())))
            .append('\n');
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      LINE_BREAK
          .splitAsStream(ThrowableProxyUtil.asString(thrown))
          .forEach(line -> text.append('\t').append(safe(line)).append('\n'));
    }
    return text.toString();
  }

  private static String safe(String text) {
    return UNSAFE.matcher(text).replaceAll(" ");
  }
}
