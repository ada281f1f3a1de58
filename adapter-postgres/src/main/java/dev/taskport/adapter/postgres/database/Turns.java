package dev.taskport.adapter.postgres.database;

import dev.taskport.domain.UserId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;

/** Takes users in turns, so that one with many calls leaves room for those of others. */
public final class Turns {
  private Turns() {}

  /** The first call of each user in the order of their arrival, then the second ones, and so on. */
  public static <T> List<T> of(Iterable<T> calls, Function<T, UserId> user) {
    Map<UserId, Queue<T>> lines = new LinkedHashMap<>();
    for (T call : calls) {
      lines.computeIfAbsent(user.apply(call), key -> new ArrayDeque<>()).add(call);
    }
    List<T> inTurns = new ArrayList<>();
    while (!lines.isEmpty()) {
      for (Iterator<Queue<T>> turns = lines.values().iterator(); turns.hasNext(); ) {
        Queue<T> line = turns.next();
        inTurns.add(line.remove());
        if (line.isEmpty()) {
          turns.remove();
        }
      }
    }
    return inTurns;
  }
}
