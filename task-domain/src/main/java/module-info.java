/** Tasks by user: the entity, its values, and the port to whatever stores them. */
module dev.taskport.domain {
  requires static org.jspecify;

  exports dev.taskport.domain;
}
