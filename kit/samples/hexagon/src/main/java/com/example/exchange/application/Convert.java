package com.example.exchange.application;

import com.example.exchange.domain.Money;
import com.example.exchange.domain.Rates;
import java.util.Currency;
import java.util.Optional;

/** The use case. */
public final class Convert {
  private final Rates rates;

  /** Converts at these rates. */
  public Convert(Rates rates) {
    this.rates = rates;
  }

  /** The same money in another currency; empty if there is no rate. */
  public Optional<Money> convert(Money money, Currency to) {
    return rates.rate(money.currency(), to).map(rate -> money.in(to, rate));
  }
}
