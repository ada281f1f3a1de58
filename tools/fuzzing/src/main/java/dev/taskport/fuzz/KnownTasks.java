package dev.taskport.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a round knows of its user's tasks, from the answers so far. */
final class KnownTasks {
  /** A task as it was last answered, and its entity tag. */
  record Known(JsonNode json, String tag) {}

  final Map<String, Known> alive = new LinkedHashMap<>();

  /** The tasks that can be restored. */
  final Map<String, JsonNode> deleted = new LinkedHashMap<>();

  /** Entity tags that were good once. */
  final List<String> tags = new ArrayList<>();

  /** Opaque values that the service has given, by the parameter that takes them. */
  final Map<String, List<String>> tokens = new LinkedHashMap<>();

  final List<String> keys = new ArrayList<>();

  void put(String id, JsonNode json, String tag) {
    alive.put(id, new Known(json, tag));
    deleted.remove(id);
    tags.add(tag);
  }

  void addToken(String parameter, String token) {
    tokens.computeIfAbsent(parameter, p -> new ArrayList<>()).add(token);
  }
}
