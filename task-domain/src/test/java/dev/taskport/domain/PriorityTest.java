package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriorityTest {
  @ParameterizedTest
  @CsvSource({"low, LOW", "MEDIUM, MEDIUM", "High, HIGH", "uRGENT, URGENT"})
  void aPriorityIsKnownInEitherCase(String text, Priority priority) {
    assertEquals(priority, Priority.parse(text));
    assertEquals(priority, Priority.stored(priority.value()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " low", "h\u0131gh", "critical", "1"})
  void anythingElseIsRefusedAsInputAndMediumInAStore(String text) {
    assertEquals(
        "The priority must be low, medium, high or urgent",
        assertThrows(InvalidValueException.class, () -> Priority.parse(text)).getMessage());
    assertEquals(Priority.MEDIUM, Priority.stored(text));
  }
}
