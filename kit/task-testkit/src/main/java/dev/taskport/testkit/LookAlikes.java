package dev.taskport.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Different texts that a store would confuse if it compared them by a language's rules, or
 * normalized, stripped, cut or hashed them.
 */
final class LookAlikes {
  private LookAlikes() {}

  /** Such texts of at most this many characters, which no other test uses. */
  static List<String> texts(int maxLength) {
    String unique = UUID.randomUUID().toString();
    List<String> texts = new ArrayList<>();
    for (String ending :
        List.of(
            "",
            " ",
            "  ",
            "\u00A0",
            "x",
            "X",
            "\uFF38", // full width
            "x\u200B", // with a space of no width
            "x\u00AD", // with a soft hyphen
            "%",
            "_",
            "\u00E9",
            "e\u0301",
            "e",
            "\u00C9",
            "\u00DF",
            "ss",
            "i",
            "I",
            "\u0131",
            "\u0130",
            "k",
            "\u212A", // the Kelvin sign
            "\u00C5",
            "\u212B", // the Angstrom sign
            "\uFB01",
            "fi",
            "\uAC00",
            "\u1100\u1161",
            "\u2460",
            "1",
            "1.0",
            "01",
            "?",
            "\u0101", // as bytes of a narrow character set these are "?"
            "\uD83D\uDE00",
            "\uD83D\uDE01",
            "Aa",
            "BB")) { // of one hash code
      texts.add(unique + ending);
    }
    texts.add(" " + unique);
    for (int length = 64; length < maxLength; length *= 2) {
      texts.add(unique + "x".repeat(length - unique.length()) + "1");
      texts.add(unique + "x".repeat(length - unique.length()) + "2");
    }
    texts.add(unique + "x".repeat(maxLength - unique.length() - 1) + "1");
    texts.add(unique + "x".repeat(maxLength - unique.length() - 1) + "2");
    return texts;
  }
}
