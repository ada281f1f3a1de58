/** Tasks by user: the entity, its values, and the port that a store of tasks implements. */
module dev.taskport.domain {
  requires static org.jspecify;

  exports dev.taskport.domain;
  exports dev.taskport.domain.async;
  exports dev.taskport.domain.changelog;
}
