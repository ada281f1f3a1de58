package dev.taskport.planted.domain;

import java.util.Scanner;

/** Input that nobody hands in. */
@SuppressWarnings("DefaultCharset")
final class ReadsTheTerminal {
  String answer() {
    return new Scanner(System.in).nextLine();
  }
}
