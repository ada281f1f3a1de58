package dev.taskport.planted.adapter.store;

import java.util.logging.Logger;

/** Another log. */
final class LogsItsOwnWay {
  static final Logger LOG = Logger.getLogger("planted");
}
