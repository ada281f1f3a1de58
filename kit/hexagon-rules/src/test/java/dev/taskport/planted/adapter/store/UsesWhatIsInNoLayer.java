package dev.taskport.planted.adapter.store;

/** A detour around the layers. */
final class UsesWhatIsInNoLayer {
  static final Class<?> STRAY = dev.taskport.planted.Astray.class;
}
