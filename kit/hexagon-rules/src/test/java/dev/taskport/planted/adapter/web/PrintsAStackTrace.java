package dev.taskport.planted.adapter.web;

/** Past the log. */
final class PrintsAStackTrace {
  void print(Exception e) {
    e.printStackTrace();
  }
}
