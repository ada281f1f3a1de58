package dev.taskport.app.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients who all ask things of the same few tasks, and after a while of the next few, and book
 * every answer.
 */
final class Load {
  private static final int TASKS_AT_ONCE = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final List<? extends Door> doors;
  private final Duration round;
  private final List<Register> registers = new ArrayList<>();
  private final List<Future<?>> clients = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private long roundStarted = System.nanoTime();
  private volatile boolean over;

  private Load(String name, List<? extends Door> doors, Duration round) {
    this.name = name;
    this.doors = doors;
    this.round = round;
  }

  /**
   * @param name begins the keys of the tasks
   * @param round how long the clients stay with the same tasks
   */
  static Load start(
      String name, long seed, int clients, List<? extends Door> doors, Duration round) {
    Load load = new Load(name, doors, round);
    for (int i = 0; i < clients; i++) {
      Random random = new Random(seed + i);
      load.clients.add(load.threads.submit(() -> load.client(random)));
    }
    return load;
  }

  private void client(Random random) {
    while (!over) {
      Register register = draw(random);
      Door door = doors.get(random.nextInt(doors.size()));
      Optional<Answer> answer = ask(door, register, register.draw(random));
      if (answer.isEmpty() || answer.get() instanceof Answer.Unknown) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10)); // as clients do when it fails
      }
    }
  }

  private synchronized Register draw(Random random) {
    if (registers.isEmpty() || System.nanoTime() - roundStarted > round.toNanos()) {
      roundStarted = System.nanoTime();
      for (int i = 0; i < TASKS_AT_ONCE; i++) {
        registers.add(new Register(name + "-" + registers.size()));
      }
    }
    return registers.get(registers.size() - 1 - random.nextInt(TASKS_AT_ONCE));
  }

  private static Optional<Answer> ask(Door door, Register register, Request request) {
    long invoked = System.nanoTime();
    Optional<Answer> answer = door.send(register, request);
    long returned = System.nanoTime();
    answer.ifPresent(
        is -> {
          // A read without an answer tells nothing.
          if (!(request instanceof Request.Get && is instanceof Answer.Unknown)) {
            register.book(new Operation(request, is, invoked, returned));
          }
        });
    return answer;
  }

  /** Ends the clients, then learns what became of each task; the service must answer now. */
  List<Register> settle() throws Exception {
    over = true;
    for (Future<?> client : clients) {
      client.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    threads.shutdown();
    for (Register register : registers) {
      settle(register, register.creation());
      settle(register, new Request.Get());
    }
    return registers;
  }

  private void settle(Register register, Request request) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<Answer> answer = ask(doors.get(0), register, request);
      if (answer.isPresent() && !(answer.get() instanceof Answer.Unknown)) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new AssertionError("No answer after the faults");
  }
}
