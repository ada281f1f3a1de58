package com.example.exchange.terminal;

import com.example.exchange.application.Convert;
import com.example.exchange.domain.Money;
import java.math.BigDecimal;
import java.util.Currency;

/** The driving adapter: words in, words out. */
public final class Command {
  private final Convert convert;

  /** Runs this use case. */
  public Command(Convert convert) {
    this.convert = convert;
  }

  /** Answers a command such as {@code 10 EUR USD}. */
  public String answer(String amount, String from, String to) {
    return convert
        .convert(
            new Money(new BigDecimal(amount), Currency.getInstance(from)), Currency.getInstance(to))
        .map(money -> money.amount() + " " + money.currency())
        .orElse("No rate is known from " + from + " to " + to);
  }
}
