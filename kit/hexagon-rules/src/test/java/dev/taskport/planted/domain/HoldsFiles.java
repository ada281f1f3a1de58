package dev.taskport.planted.domain;

import java.io.File;

/** Input and output in the core, in an array. */
interface HoldsFiles {
  File[] files();
}
