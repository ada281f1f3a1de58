package dev.taskport.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * The format of a log record. Thread-safe.
 *
 * <p>{@code PLAIN}: one line with time, level, logger, message, the record's pairs as {@code
 * key=value}, and {@code request_id=…} if a request caused it, {@code trace_id=…} if it is traced;
 * then the exception, if there is one, each of its lines after a tab. Characters with which outside
 * text could start a new line, or hide or move text on a terminal, become spaces.
 *
 * <p>{@code JSON}: one line with an object of the same: {@code time}, {@code level}, {@code
 * logger}, {@code message} if it is not empty, the pairs, {@code request_id}, {@code trace_id},
 * {@code exception}.
 */
public final class LogLayout extends LayoutBase<ILoggingEvent> {
  private static final String REQUEST_ID = "request_id";
  private static final String TRACE_ID = "trace_id";

  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);

  private static final Pattern LINE_BREAK = Pattern.compile("\\R");

  /** Control and format characters (escape sequences, text direction), line separators. */
  private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

  /** For all instances: Logback makes the one in use before the settings are read. */
  private static volatile Settings.LogFormat format = Settings.LogFormat.PLAIN;

  /** The second of the last line, which many lines share. */
  private static volatile Written lastSecond = new Written(Long.MIN_VALUE, "");

  private record Written(long second, String text) {}

  /** A layout, for Logback. */
  public LogLayout() {}

  static void setFormat(Settings.LogFormat newFormat) {
    format = newFormat;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    return switch (format) {
      case PLAIN -> plain(event);
      case JSON -> json(event);
    };
  }

  private static String plain(ILoggingEvent event) {
    StringBuilder text =
        new StringBuilder(256)
            .append(time(event.getInstant()))
            .append(' ')
            .append(event.getLevel());
    while (text.length() < "2026-11-21T09:47:36.273Z ERROR ".length()) {
      text.append(' ');
    }
    text.append(logger(event)).append(" -");
    String message = message(event);
    if (!message.isEmpty()) {
      text.append(' ').append(safe(message));
    }
    for (KeyValuePair pair : pairs(event)) {
      text.append(' ').append(pair.key).append('=').append(safe(String.valueOf(pair.value)));
    }
    String request = event.getMDCPropertyMap().get(REQUEST_ID);
    if (request != null && !message.contains(request)) {
      text.append(' ').append(REQUEST_ID).append('=').append(request);
    }
    String trace = event.getMDCPropertyMap().get(TRACE_ID);
    if (trace != null) {
      text.append(' ').append(TRACE_ID).append('=').append(trace);
    }
    text.append('\n');
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      LINE_BREAK
          .splitAsStream(ThrowableProxyUtil.asString(thrown))
          .forEach(line -> text.append('\t').append(safe(line)).append('\n'));
    }
    return text.toString();
  }

  private static String json(ILoggingEvent event) {
    StringBuilder object = new StringBuilder(256).append('{');
    member(object, "time", time(event.getInstant()));
    member(object, "level", event.getLevel().toString());
    member(object, "logger", logger(event));
    String message = message(event);
    if (!message.isEmpty()) {
      member(object, "message", message);
    }
    for (KeyValuePair pair : pairs(event)) {
      member(object, pair.key, pair.value);
    }
    member(object, REQUEST_ID, event.getMDCPropertyMap().get(REQUEST_ID));
    member(object, TRACE_ID, event.getMDCPropertyMap().get(TRACE_ID));
    IThrowableProxy thrown = event.getThrowableProxy();
    member(object, "exception", thrown == null ? null : ThrowableProxyUtil.asString(thrown));
    return object.append("}\n").toString();
  }

  /** In UTC, with milliseconds. */
  private static String time(Instant time) {
    Written written = lastSecond;
    if (written.second != time.getEpochSecond()) {
      written = new Written(time.getEpochSecond(), SECOND.format(time));
      lastSecond = written;
    }
    int millis = time.getNano() / 1_000_000;
    return written.text + String.valueOf(1000 + millis).substring(1) + 'Z';
  }

  private static String logger(ILoggingEvent event) {
    String name = event.getLoggerName();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String message(ILoggingEvent event) {
    return String.valueOf(event.getFormattedMessage());
  }

  private static List<KeyValuePair> pairs(ILoggingEvent event) {
    return Objects.requireNonNullElse(event.getKeyValuePairs(), List.of());
  }

  private static String safe(String text) {
    return isPlain(text) ? text : UNSAFE.matcher(text).replaceAll(" ");
  }

  /** Whether it is printable ASCII, as nearly all is: the pattern takes ten times as long. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /** Adds a member; nothing for null. */
  private static void member(StringBuilder object, String name, @Nullable Object value) {
    if (value == null) {
      return;
    }
    if (object.length() > 1) {
      object.append(',');
    }
    quote(object, name);
    object.append(':');
    if (value instanceof Number) {
      object.append(value);
    } else {
      quote(object, value.toString());
    }
  }

  /** Escapes what JSON demands, and what {@link #UNSAFE} names. */
  private static void quote(StringBuilder object, String text) {
    object.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> object.append('\\').append(c);
        case '\n' -> object.append("\\n");
        case '\t' -> object.append("\\t");
        default -> {
          boolean pair =
              Character.isHighSurrogate(c)
                  && i + 1 < text.length()
                  && Character.isLowSurrogate(text.charAt(i + 1));
          if (pair && !isUnsafe(text.codePointAt(i))) {
            object.append(c).append(text.charAt(++i));
          } else if (isUnsafe(c)) {
            object.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            object.append(c);
          }
        }
      }
    }
    object.append('"');
  }

  private static boolean isUnsafe(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
