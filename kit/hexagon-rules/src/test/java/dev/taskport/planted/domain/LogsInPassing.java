package dev.taskport.planted.domain;

import java.util.logging.Logger;

/** Another log, in no field. */
final class LogsInPassing {
  void log() {
    Logger.getLogger("planted").info("here");
  }
}
