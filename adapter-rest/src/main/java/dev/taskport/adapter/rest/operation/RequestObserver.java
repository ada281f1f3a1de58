package dev.taskport.adapter.rest.operation;

/** Is told about every request. Thread-safe. */
interface RequestObserver {
  /** Called once for each request, by the thread that serves its connection: must not block. */
  void served(ServedRequest request);
}
