package dev.taskport.adapter.postgres.migration.lock;

/** A pause between two tries. */
final class Pause {

  private Pause() {}

  static void ms(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException("interrupted; the next start continues the migration");
    }
  }
}
