package dev.taskport.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * What a record of the log looks like: one line with time, level, logger and message, then the
 * exception, if any, each of its lines behind a tab. Text from outside can't begin a line, nor hide
 * or move what a terminal shows: characters that would do so become spaces. Thread-safe.
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
