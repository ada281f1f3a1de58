package com.example.exchange.domain;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Optional;

/** The port to whoever knows what currencies are worth. */
public interface Rates {
  /** What one unit of a currency is worth in another; empty if nobody knows. */
  Optional<BigDecimal> rate(Currency from, Currency to);
}
