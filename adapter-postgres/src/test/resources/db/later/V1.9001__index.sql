SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS tasks_by_title;
CREATE UNIQUE INDEX CONCURRENTLY tasks_by_title ON tasks (title);
