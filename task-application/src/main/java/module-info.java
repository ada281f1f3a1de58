/** The use cases of tasks by user. */
module dev.taskport.application {
  requires transitive dev.taskport.domain;
  requires static org.jspecify;

  exports dev.taskport.application;
}
