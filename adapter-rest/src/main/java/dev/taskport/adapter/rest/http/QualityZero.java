package dev.taskport.adapter.rest.http;

import java.util.regex.Pattern;

/** The weight of an element of an {@code Accept…} header that means "not acceptable". */
final class QualityZero {
  private static final Pattern ZERO =
      Pattern.compile(";\\s*q\\s*=\\s*0(\\.0{0,3})?\\s*(;|$)", Pattern.CASE_INSENSITIVE);

  private QualityZero() {}

  /**
   * Whether this element has it (RFC 9110, 12.4.2).
   *
   * @param element such as {@code text/html;q=0}
   */
  static boolean is(String element) {
    return ZERO.matcher(element).find();
  }
}
