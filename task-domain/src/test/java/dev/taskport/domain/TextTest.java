package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void aTextIsEqualToTheSameTextOfItsClassOnly() {
    assertEquals(Title.parse("a"), Title.stored("a"));
    assertEquals(Title.parse("a").hashCode(), Title.stored("a").hashCode());
    assertNotEquals(Title.parse("a"), Title.parse("A"));
    assertNotEquals((Object) Title.parse("a"), Description.parse("a"));
    assertNotEquals((Object) UserId.parse("a"), "a");
  }

  @Test
  void noTextIsMadeUnchecked() {
    for (Class<?> kind :
        List.of(
            Description.class,
            IdempotencyKey.class,
            Search.class,
            Tag.class,
            Title.class,
            UserId.class)) {
      assertEquals(0, kind.getConstructors().length, kind.getName());
    }
  }
}
