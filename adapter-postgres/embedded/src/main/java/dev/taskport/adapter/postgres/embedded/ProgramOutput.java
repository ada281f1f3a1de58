package dev.taskport.adapter.postgres.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of one of PostgreSQL's programs. The last lines are kept for error messages.
 * Thread-safe.
 */
final class ProgramOutput {

  private static final int KEPT = 40;
  private static final int LONGEST = 300;

  /** Matches lines that say why a program failed: the server's lines, then those of the tools. */
  private static final Pattern COMPLAINT =
      Pattern.compile(
          "(?:FATAL|PANIC|ERROR|(?:initdb|pg_ctl): error):\\s+(.*)"
              + "|LOG:\\s+(could not bind .*)|((?:setpriv|unshare|setsid): .*)");

  private final ServerLog log;
  private final Deque<String> last = new ArrayDeque<>();

  ProgramOutput(ServerLog log) {
    this.log = log;
  }

  synchronized void accept(String line) {
    if (last.size() == KEPT) {
      last.removeFirst();
    }
    last.addLast(line);
  }

  /** Whether one of the last lines contains this text. */
  synchronized boolean says(String text) {
    return last.stream().anyMatch(line -> line.contains(text));
  }

  /** Writes the kept lines to the server's log. */
  synchronized void log() {
    last.forEach(log::write);
  }

  /**
   * An exception for a program that failed, with its first error line: later lines are only
   * consequences.
   */
  synchronized EmbeddedPostgresException failure(String what) {
    String lastLine = last.isEmpty() ? "it said nothing" : last.getLast();
    String why =
        last.stream()
            .map(ProgramOutput::complaint)
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse(lastLine);
    String text = why.length() > LONGEST ? why.substring(0, LONGEST) + "…" : why;
    return new EmbeddedPostgresException(what + ": " + text + " (log: " + log.file() + ")");
  }

  private static String complaint(String line) {
    Matcher matcher = COMPLAINT.matcher(line);
    if (!matcher.find()) {
      return "";
    }
    for (int group = 1; group <= matcher.groupCount(); group++) {
      String text = matcher.group(group);
      if (text != null) {
        return text.strip();
      }
    }
    return "";
  }
}
