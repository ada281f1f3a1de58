package com.example.exchange.rates;

import com.example.exchange.domain.Rates;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Map;
import java.util.Optional;

/** The driven adapter: rates that are written down. */
public final class FixedRates implements Rates {
  private static final Map<String, BigDecimal> RATES =
      Map.of("EUR/USD", new BigDecimal("1.25"), "USD/EUR", new BigDecimal("0.80"));

  @Override
  public Optional<BigDecimal> rate(Currency from, Currency to) {
    return Optional.ofNullable(RATES.get(from.getCurrencyCode() + "/" + to.getCurrencyCode()));
  }
}
