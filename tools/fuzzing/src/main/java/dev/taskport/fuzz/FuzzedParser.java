package dev.taskport.fuzz;

/** Code that takes any bytes. */
public interface FuzzedParser {
  /** Parses an input. Throws if the parser, or what it has read, isn't as it must be. */
  void parse(byte[] input) throws Exception;
}
