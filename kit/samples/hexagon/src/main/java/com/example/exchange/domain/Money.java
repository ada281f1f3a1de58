package com.example.exchange.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/** An amount in a currency. */
public record Money(BigDecimal amount, Currency currency) {
  /** In another currency, rounded to what that one has. */
  public Money in(Currency other, BigDecimal rate) {
    return new Money(
        amount.multiply(rate).setScale(other.getDefaultFractionDigits(), RoundingMode.HALF_EVEN),
        other);
  }
}
