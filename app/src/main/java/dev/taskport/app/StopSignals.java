package dev.taskport.app;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the signals to stop do. Each ends the process, as it does by itself; but Ctrl-C (SIGINT)
 * waits for no drain delay, because somebody sits in front of it, and whoever sends a further
 * signal wants it quicker.
 */
final class StopSignals {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

  private StopSignals() {}

  /**
   * @param hurry called for Ctrl-C, and for each signal after the first
   */
  static void handle(Runnable hurry) {
    AtomicBoolean stopping = new AtomicBoolean();
    // Reflection: the compiler warns of this class, and the warning can't be suppressed.
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      for (Stop stop : Stop.values()) {
        Object onSignal =
            Proxy.newProxyInstance(
                StopSignals.class.getClassLoader(),
                new Class<?>[] {handler},
                (proxy, method, arguments) -> {
                  stop(stop, stopping, hurry);
                  return null;
                });
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(stop.name()), onSignal);
      }
    } catch (ReflectiveOperationException e) {
      LOG.debug(
          "Signals can't be told apart on this JVM: each stops the service in the same way", e);
    }
  }

  private static void stop(Stop stop, AtomicBoolean stopping, Runnable hurry) {
    boolean first = !stopping.getAndSet(true);
    if (!first || stop == Stop.INT) {
      hurry.run();
    }
    if (first) {
      System.exit(stop.status);
    }
  }

  /** The signals, with the status of a process that each has ended. */
  private enum Stop {
    INT(130),
    TERM(143);

    private final int status;

    Stop(int status) {
      this.status = status;
    }
  }
}
