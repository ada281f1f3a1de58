package dev.taskport.fuzz;

/** Texts of requests and answers as a failure shows them. */
final class Shown {
  private static final int MAX_LENGTH = 1_500;

  private Shown() {}

  /** Its beginning, in printable characters and without bearer tokens. */
  static String of(String text) {
    String withoutToken = text.replaceAll("(?i)bearer [^\r\n]+", "Bearer ...");
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < withoutToken.length(); i++) {
      if (shown.length() > MAX_LENGTH) {
        return shown + "... (" + withoutToken.length() + " characters)";
      }
      char c = withoutToken.charAt(i);
      boolean plain = c == '\n' || (c >= 0x20 && c < 0x7f);
      shown.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return shown.toString();
  }
}
