SET lock_timeout = 0;

-- For readers of the log, oldest change first.
DROP INDEX CONCURRENTLY IF EXISTS tasks_by_change;
CREATE INDEX CONCURRENTLY tasks_by_change ON tasks (user_id, change_number, id);
