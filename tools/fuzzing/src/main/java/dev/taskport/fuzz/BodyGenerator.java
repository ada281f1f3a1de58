package dev.taskport.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes bodies from the schema of an operation: good ones, and broken ones of many kinds. */
final class BodyGenerator {
  /**
   * A body.
   *
   * @param bytes one character for each
   * @param content what it sets, as a task shows it; empty if it is broken
   */
  record Body(String bytes, Fate fate, Map<String, JsonNode> content) {}

  /** A value as JSON text, and what a task shows of it. */
  private record Value(String json, Fate fate, JsonNode shown) {}

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
  private static final String[] PIECES = {
    "a",
    "Buy milk",
    "0",
    " ",
    "é",
    "e\u0301",
    "😀",
    "用户",
    "\u202e",
    "\u200b",
    "\"",
    "\\",
    "/",
    "<b>",
    "' OR 1=1--",
    "%00",
    "${x}",
    "{}",
    ",",
    "null",
    "\u2028",
    "\ufffd",
    "\ue000",
    "𝒳",
    "\uFB03",
    "İ"
  };
  private static final String[] SPACES = {"", " ", "\u00a0", "\u3000", "\t", "\n ", "\u2003"};
  private static final String[] WRONG_FOR_TEXT = {
    "1", "-0.5e+300", "true", "{}", "{\"a\":[]}", "[[]]", "1e400"
  };

  private final ApiDescription description;
  private final SplittableRandom random;

  BodyGenerator(ApiDescription description, SplittableRandom random) {
    this.description = description;
    this.random = random;
  }

  /**
   * Makes a body for this schema.
   *
   * @param creates whether the body is that of a new task, where it may say {@code completed} as it
   *     likes
   * @param mayBeAbsent whether no body, and null, are good too
   */
  Body body(JsonNode schema, boolean creates, boolean mayBeAbsent) {
    JsonNode object = description.resolve(schema);
    Map<String, JsonNode> properties = ApiDescription.fields(object.path("properties"));
    List<String> required = new ArrayList<>();
    object.path("required").forEach(name -> required.add(name.asText()));
    boolean flawed = chance(25);
    List<String> names = new ArrayList<>(properties.keySet());
    names.removeIf(name -> !required.contains(name) && chance(45));
    if (creates && chance(10)) {
      names.add("completed"); // ignored
    }
    Fate fate = Fate.ACCEPTED;
    if (!required.isEmpty() && chance(2)) {
      names.removeAll(required);
      fate = Fate.REFUSED;
    }
    String flaw = flawed && !names.isEmpty() ? pick(names) : "";
    List<String> members = new ArrayList<>();
    Map<String, JsonNode> content = new HashMap<>();
    for (String name : names) {
      Value value = value(name, name.equals(flaw), creates);
      fate = fate.and(value.fate());
      content.put(name, value.shown());
      members.add(quoted(name) + space() + ':' + space() + value.json());
    }
    if (creates) {
      content.remove("completed");
    }
    for (int extras = random.nextInt(3); extras > 0; extras--) {
      members.add(random.nextInt(members.size() + 1), extra(extras));
    }
    String json = space() + '{' + String.join(',' + space(), members) + '}' + space();
    if (!flawed && chance(15)) {
      return broken(json, members, mayBeAbsent);
    }
    return new Body(text(json), fate, content);
  }

  private Value value(String name, boolean flawed, boolean creates) {
    return switch (name) {
      case "title" -> flawed ? wrongTitle() : title();
      case "description" -> flawed ? wrongDescription() : text();
      case "priority" -> flawed ? wrong(quoted("soon"), quoted(""), "1", "[]", "true") : priority();
      case "tags" -> flawed ? wrongTags() : tags();
      case "due_date" -> flawed ? wrongDueDate() : dueDate();
      case "completed" -> creates ? ignored() : flawed ? wrongFlag() : flag();
      default -> new Value("null", Fate.EITHER, NODES.nullNode()); // not known here yet
    };
  }

  private Value title() {
    String title = chance(10) ? boundary(200) : "a" + pieces(40) + "z";
    return new Value(
        quoted(pick(SPACES) + title + pick(SPACES)), Fate.ACCEPTED, NODES.textNode(title));
  }

  private Value wrongTitle() {
    return chance(40)
        ? wrong(pick(WRONG_FOR_TEXT), "null")
        : wrong(
            quoted(""),
            quoted(" \u00a0\u3000"),
            quoted("\u200b\u2060\ufeff"),
            quoted("x".repeat(201)),
            quoted("😀".repeat(201)),
            quoted("a\nb"),
            "\"a\\u0000b\"",
            "\"\\ud800\"",
            "\"a\\udc00\\ud800\"",
            "\"\\u009f\"");
  }

  private Value text() {
    if (chance(15)) {
      return new Value("null", Fate.ACCEPTED, NODES.nullNode());
    }
    String text = chance(10) ? boundary(1000) : pick(SPACES) + pieces(100) + pick(SPACES);
    return new Value(quoted(text), Fate.ACCEPTED, NODES.textNode(text));
  }

  private Value wrongDescription() {
    return chance(40)
        ? wrong(pick(WRONG_FOR_TEXT))
        : wrong(
            quoted("x".repeat(1001)),
            "\"\\u0007\"",
            "\"\\u0000\"",
            "\"\\udfff\"",
            "\"\\uD83D \"",
            "\"\\u000c\"");
  }

  private Value priority() {
    if (chance(20)) {
      return new Value("null", Fate.ACCEPTED, NODES.textNode("medium"));
    }
    String priority = pick("low", "medium", "high", "urgent");
    String written = chance(20) ? priority.toUpperCase(Locale.ROOT) : priority;
    return new Value(quoted(written), Fate.ACCEPTED, NODES.textNode(priority));
  }

  private Value tags() {
    int kind = random.nextInt(10);
    if (kind == 0) {
      return new Value("null", Fate.ACCEPTED, NODES.arrayNode());
    }
    ArrayNode shown = NODES.arrayNode();
    List<String> written = new ArrayList<>();
    int count = chance(10) ? 20 : random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String tag = (chance(5) ? "t".repeat(48) : chance(20) ? "é 😀" : "tag") + (char) ('a' + i);
      shown.add(tag);
      written.add(pick(" ", "", "\u00a0") + tag);
      if (chance(15)) {
        written.add(tag.toUpperCase(Locale.ROOT)); // dropped
      }
    }
    if (kind == 1) {
      return new Value(quoted(String.join(pick(",", " , ", ",,"), written)), Fate.ACCEPTED, shown);
    }
    return new Value(
        '[' + String.join(",", written.stream().map(this::quoted).toList()) + ']',
        Fate.ACCEPTED,
        shown);
  }

  private Value wrongTags() {
    StringBuilder many = new StringBuilder("[");
    for (int i = 0; i < 21; i++) {
      many.append(i == 0 ? "" : ",").append("\"tag").append(i).append('"');
    }
    return wrong(
        many + "]",
        "[1]",
        "[null]",
        "[[\"a\"]]",
        "[\"\"]",
        "[\" \"]",
        "[\"a,b\"]",
        "[\"\\u0000\"]",
        "[\"\\ud800\"]",
        "{}",
        "1",
        "true",
        "[\"" + "x".repeat(51) + "\"]",
        quoted("a," + "x".repeat(51)));
  }

  private Value dueDate() {
    if (chance(15)) {
      return new Value("null", Fate.ACCEPTED, NODES.nullNode());
    }
    LocalDate date =
        chance(15)
            ? LocalDate.parse(pick("0001-01-01", "9999-12-31", "2024-02-29", "1969-12-31"))
            : LocalDate.of(2026, 1, 1).plusDays(random.nextInt(1000));
    if (chance(40)) {
      return new Value(quoted(date.toString()), Fate.ACCEPTED, NODES.textNode(date.toString()));
    }
    int digits = random.nextInt(10);
    int nanos =
        digits == 0
            ? 0
            : random.nextInt((int) Math.pow(10, digits)) * (int) Math.pow(10, 9 - digits);
    int seconds = random.nextInt(60);
    boolean short1 = digits == 0 && chance(20);
    LocalDateTime time =
        date.atTime(random.nextInt(24), random.nextInt(60), short1 ? 0 : seconds, nanos);
    boolean inside = date.getYear() > 1 && date.getYear() < 9999;
    ZoneOffset offset =
        inside && chance(50)
            ? ZoneOffset.ofHoursMinutes(random.nextInt(-11, 12), 0)
            : ZoneOffset.UTC;
    String written =
        DateTimeFormatter.ofPattern(
                "uuuu-MM-dd'"
                    + pick("T", "t", " ")
                    + "'HH:mm"
                    + (short1 ? "" : ":ss")
                    + (digits == 0 ? "" : "." + "S".repeat(digits)))
            .format(time);
    String zone =
        offset.equals(ZoneOffset.UTC) ? pick("Z", "z", "+00:00", "-00:00", "") : offset.getId();
    return new Value(
        quoted(written + zone),
        Fate.ACCEPTED,
        NODES.textNode(MICROSECONDS.format(time.minusSeconds(offset.getTotalSeconds()))));
  }

  private Value wrongDueDate() {
    return chance(30)
        ? wrong(pick(WRONG_FOR_TEXT))
        : wrong(
            quoted(""),
            quoted("tomorrow"),
            quoted("2026-02-30"),
            quoted("2025-02-29"),
            quoted("0000-12-31"),
            quoted("10000-01-01"),
            quoted("-2026-01-01"),
            quoted("0001-01-01T00:00:00+01:00"),
            quoted("9999-12-31T23:59:59-00:01"),
            quoted("2026-12-24T24:00:01Z"),
            quoted("2026-12-24T18:00:60Z"),
            quoted("2026-12-24T18:00:00+19:00"),
            quoted("2026-12-24T18:00:00.0000000001Z"),
            quoted("２０２６-12-24"),
            quoted("2026-12-24 "),
            "\"2026-12-24\\u0000\"");
  }

  private Value flag() {
    boolean flag = chance(50);
    return new Value(String.valueOf(flag), Fate.ACCEPTED, NODES.booleanNode(flag));
  }

  private Value wrongFlag() {
    return wrong("null", "0", "1", quoted("true"), "[]", "{}", "[true]");
  }

  private Value ignored() {
    return new Value(pick("true", "\"yes\"", "null", "7", "[]"), Fate.ACCEPTED, NODES.nullNode());
  }

  private Value wrong(String... jsons) {
    return new Value(pick(jsons), Fate.REFUSED, NODES.nullNode());
  }

  /** A key that means nothing, with any value. */
  private String extra(int number) {
    String name =
        pick("category", "id", "user_id", "created_at", "Title", "", "x\\u0000", "é") + number;
    String value =
        pick(
            "null",
            "{\"a\":{\"b\":[1,2,{}]}}",
            "[".repeat(200) + "]".repeat(200),
            "1e400",
            "-0",
            "9".repeat(400),
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"" + "x".repeat(5000) + "\"",
            "{\"title\":null}");
    return '"' + name + "\":" + value;
  }

  /** What is no JSON, or no object, or comes in the wrong characters. */
  private Body broken(String good, List<String> members, boolean mayBeAbsent) {
    List<Supplier<String>> kinds = new ArrayList<>();
    String compact = good.strip();
    kinds.add(() -> text(compact.substring(0, random.nextInt(1, compact.length()))));
    kinds.add(() -> text(compact.substring(0, compact.length() - 1) + ",}"));
    kinds.add(() -> text(compact + pick("x", "{}", ",", "\u0000", "]", " null")));
    kinds.add(
        () -> text("{\"a\":1,\"a\":1" + (members.isEmpty() ? "}" : "," + compact.substring(1))));
    kinds.add(() -> text(compact.replace('"', '\'') + "'"));
    kinds.add(() -> text("\ufeff" + compact));
    kinds.add(() -> new String(compact.getBytes(UTF_16LE), ISO_8859_1));
    kinds.add(() -> "{\"title\":\"caf" + (char) random.nextInt(0x80, 0x100) + "\"}");
    kinds.add(() -> "\u001f\u008b\b\0\0\0\0\0" + text(compact));
    kinds.add(() -> text("{\"title\":\"a\u0001\"}"));
    kinds.add(
        () -> text(pick("{\"x\":NaN}", "{\"x\":01}", "{\"x\":+1}", "{\"x\":1.}", "{\"x\":.1}")));
    kinds.add(() -> text("{/* a */" + compact.substring(1)));
    kinds.add(
        () ->
            text(
                pick("{x:1}", "{\"x\" 1}", "{\"x\":\"\\q\"}", "{\"x\":\"\\u12\"}", "{\"x\":tru}")));
    kinds.add(() -> text(pick("[]", "\"title\"", "1", "true", "[" + compact + "]", " null", " ")));
    kinds.add(() -> text("{\"x\":" + "[".repeat(2000) + "]".repeat(2000) + "}"));
    kinds.add(() -> text("{\"x\":".repeat(5000)));
    kinds.add(() -> text("{\"title\":\"" + "x".repeat(200_000) + "\"}"));
    kinds.add(() -> text(compact) + "\u00c0\u0080");
    kinds.add(() -> "{\"x\":\"\\");
    if (!mayBeAbsent) {
      kinds.add(() -> text(""));
      kinds.add(() -> text("null"));
    }
    return new Body(kinds.get(random.nextInt(kinds.size())).get(), Fate.REFUSED, Map.of());
  }

  private static String text(String json) {
    return new String(json.getBytes(UTF_8), ISO_8859_1);
  }

  private String boundary(int length) {
    return pick("x", "é", "😀", "\u4e2d").repeat(length);
  }

  private String pieces(int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(pick(PIECES));
    }
    return text.codePointCount(0, text.length()) > most ? "" : text.toString();
  }

  /** A JSON string, with or without escapes that need not be. */
  private String quoted(String text) {
    boolean escapes = chance(20);
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || (escapes && (c > 0x7e || chance(20)))) {
        json.append(String.format("\\u%04x", (int) c));
      } else if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private String space() {
    return chance(90) ? "" : pick(" ", "\n", "\t\r\n  ");
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** What a task shows when nothing was said. */
  static Map<String, JsonNode> defaults() {
    Map<String, @Nullable JsonNode> defaults = new HashMap<>();
    defaults.put("description", NODES.nullNode());
    defaults.put("completed", NODES.booleanNode(false));
    defaults.put("priority", NODES.textNode("medium"));
    defaults.put("tags", NODES.arrayNode());
    defaults.put("due_date", NODES.nullNode());
    return defaults;
  }
}
