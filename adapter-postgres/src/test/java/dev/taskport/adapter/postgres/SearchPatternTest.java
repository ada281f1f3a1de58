package dev.taskport.adapter.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.Search;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchPatternTest {
  private static final String MISMATCHES =
      """
      SELECT string_agg(to_hex(ascii(character)), ' ')
      FROM unnest(?::text[], ?::text[]) AS pairs (character, pattern)
      WHERE (character COLLATE "C" ~ ('^' || pattern || '$')) IS NOT TRUE""";

  @Test
  void theServerFindsEveryCharacterByEveryOtherOfTheSameFold() throws SQLException {
    List<String> characters = new ArrayList<>();
    List<String> patterns = new ArrayList<>();
    for (int character = ' '; character <= Character.MAX_CODE_POINT; character++) {
      if (Character.isISOControl(character)) {
        continue; // nothing that can be searched for
      }
      int folded = Search.fold(character);
      if (folded != character || character < 0x3000) {
        pair(characters, patterns, character, folded);
        pair(characters, patterns, folded, character);
      }
    }

    assertTrue(characters.size() > 25_000);
    assertEquals("null", mismatches(characters, patterns));
  }

  private static void pair(
      List<String> characters, List<String> patterns, int character, int searched) {
    characters.add(Character.toString(character));
    patterns.add(SearchPattern.of(Search.parse(Character.toString(searched))));
  }

  private static String mismatches(List<String> characters, List<String> patterns)
      throws SQLException {
    try (Connection connection = TestDatabase.empty().getConnection();
        PreparedStatement query = connection.prepareStatement(MISMATCHES)) {
      Array first = connection.createArrayOf("text", characters.toArray());
      Array second = connection.createArrayOf("text", patterns.toArray());
      query.setArray(1, first);
      query.setArray(2, second);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }
}
