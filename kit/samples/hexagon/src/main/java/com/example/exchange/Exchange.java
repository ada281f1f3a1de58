package com.example.exchange;

import com.example.exchange.application.Convert;
import com.example.exchange.rates.FixedRates;
import com.example.exchange.terminal.Command;

/** Wires and starts: {@code java com.example.exchange.Exchange 10 EUR USD}. */
public final class Exchange {
  private Exchange() {}

  /** Prints the answer. */
  public static void main(String[] words) {
    Command command = new Command(new Convert(new FixedRates()));
    System.out.println(command.answer(words[0], words[1], words[2]));
  }
}
