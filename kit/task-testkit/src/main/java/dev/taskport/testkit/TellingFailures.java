package dev.taskport.testkit;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.reflect.Method;
import java.util.Locale;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.function.ThrowingSupplier;
import org.opentest4j.AssertionFailedError;

/**
 * Limits a contract's tests to {@link Patience#patience}, and begins the message of a failure with
 * the promise that is broken.
 */
final class TellingFailures implements InvocationInterceptor {

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    // Tests that the store's own test class adds are not promises of the kit.
    if (!method.getExecutable().getDeclaringClass().isInterface()) {
      invocation.proceed();
      return;
    }
    Patience limit = (Patience) context.getRequiredTestInstance();
    ThrowingSupplier<Void> test = invocation::proceed;
    String promise = "Broken promise: " + sentence(method.getExecutable().getName()) + ". ";
    try {
      assertTimeoutPreemptively(limit.patience(), test, "A call never returned");
    } catch (AssertionFailedError e) {
      String message = promise + e.getMessage();
      throw e.isExpectedDefined() && e.isActualDefined()
          ? new AssertionFailedError(message, e.getExpected(), e.getActual(), e)
          : new AssertionFailedError(message, e);
    } catch (AssertionError e) {
      throw new AssertionFailedError(promise + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new AssertionFailedError(promise + "The store threw " + e, e);
    }
  }

  /** Turns {@code aKeyOutlivesItsTask} into "a key outlives its task". */
  private static String sentence(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z])|(?<=[a-z])(?=[0-9])", " ")
        .toLowerCase(Locale.ROOT);
  }
}
