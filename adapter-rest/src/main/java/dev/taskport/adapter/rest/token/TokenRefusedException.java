package dev.taskport.adapter.rest.token;

import org.jspecify.annotations.Nullable;

/**
 * The request has a token, but it is not accepted: 401. The message says why, for the log; the
 * token itself is not in it.
 */
final class TokenRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String advice;

  /**
   * @param advice a sentence for the person whose token it is: what they can do
   * @param why a sentence for the operator
   */
  TokenRefusedException(String advice, @Nullable String why) {
    super(why, null, false, false);
    this.advice = advice;
  }

  String advice() {
    return advice;
  }
}
