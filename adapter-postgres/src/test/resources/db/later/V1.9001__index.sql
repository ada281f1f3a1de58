SET lock_timeout = 0;
DROP INDEX ${concurrently} IF EXISTS tasks_by_title;
CREATE UNIQUE INDEX ${concurrently} tasks_by_title ON tasks (user_id, title);
