package dev.taskport.app;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a {@code .env} file as python-dotenv does, because existing files are written for it. Lines
 * are {@code NAME=value}, optionally after {@code export}. A comment starts with a {@code #} at the
 * start of a line or after white space. Values in single quotes are literal (except {@code \'} and
 * {@code \\}); values in double quotes have backslash escapes; both may span several lines. The
 * last value of a name counts. Unlike python-dotenv, {@code ${NAME}} is not expanded, names consist
 * of letters, digits and {@code _.-} only, and any other line is refused, because an ignored typing
 * error could start the service on the wrong database.
 */
final class EnvFile {
  private static final Pattern BLANK_OR_COMMENT = Pattern.compile("\\s++|#[^\n]*+");

  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "(?:export[ \t]+)?(?<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*="
              + "(?:[ \t]*(?:'(?<single>[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+)'"
              + "|\"(?<twofold>[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\")[ \t]*(?:#[^\n]*)?"
              + "|(?<bare>(?![ \t]*['\"])[^\n]*))(?=\n|\\z)",
          Pattern.DOTALL);

  private static final Pattern TRAILING_COMMENT = Pattern.compile("[ \t]+#.*");
  private static final Pattern SINGLE_ESCAPE = Pattern.compile("\\\\([\\\\'])");
  private static final Pattern ESCAPE = Pattern.compile("\\\\([\\\\'\"abfnrtv])");
  private static final String ESCAPED = "\\'\"abfnrtv";
  private static final String UNESCAPED = "\\'\"\u0007\b\f\n\r\t\u000b";

  private EnvFile() {}

  /**
   * The variables of a file; empty if the file doesn't exist.
   *
   * @throws SettingsException if the file can't be read or has an invalid line
   */
  static Map<String, String> read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (CharacterCodingException e) {
      throw new SettingsException(file + ": the file is not in UTF-8; save it as UTF-8");
    } catch (IOException e) {
      throw new SettingsException(
          file + ": the file can't be read (" + e.getClass().getSimpleName() + ")");
    }
    String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return parse(file, unmarked.replace("\r\n", "\n"));
  }

  private static Map<String, String> parse(Path file, String text) {
    Map<String, String> variables = new HashMap<>();
    Matcher matcher = BLANK_OR_COMMENT.matcher(text);
    while (matcher.regionStart() < text.length()) {
      if (!matcher.usePattern(BLANK_OR_COMMENT).lookingAt()) {
        if (!matcher.usePattern(ASSIGNMENT).lookingAt()) {
          long line = 1 + text.substring(0, matcher.regionStart()).lines().count();
          throw new SettingsException(
              file + " line " + line + ": it is not NAME=value, or a quote in it is not closed");
        }
        variables.put(matcher.group("name"), value(matcher));
      }
      matcher.region(matcher.end(), text.length());
    }
    return variables;
  }

  private static String value(Matcher assignment) {
    String single = assignment.group("single");
    if (single != null) {
      return SINGLE_ESCAPE.matcher(single).replaceAll("$1");
    }
    String twofold = assignment.group("twofold");
    if (twofold != null) {
      return ESCAPE
          .matcher(twofold)
          .replaceAll(
              escape -> {
                char character = UNESCAPED.charAt(ESCAPED.indexOf(escape.group(1)));
                return Matcher.quoteReplacement(String.valueOf(character));
              });
    }
    return TRAILING_COMMENT.matcher(assignment.group("bare")).replaceFirst("").strip();
  }

  /** Removes spaces around a value, and one pair of quotes. */
  static String unquote(String value) {
    String text = value.strip();
    if (text.length() < 2) {
      return text;
    }
    char quote = text.charAt(0);
    String inner = text.substring(1, text.length() - 1);
    boolean quoted = quote == text.charAt(text.length() - 1) && (quote == '"' || quote == '\'');
    return quoted && inner.indexOf(quote) < 0 ? inner.strip() : text;
  }
}
