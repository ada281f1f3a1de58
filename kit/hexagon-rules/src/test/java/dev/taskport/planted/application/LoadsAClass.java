package dev.taskport.planted.application;

/** Goes where no rule sees it. */
final class LoadsAClass {
  Class<?> load() throws ClassNotFoundException {
    return Class.forName("dev.taskport.planted.adapter.store.NotesInAMap");
  }
}
