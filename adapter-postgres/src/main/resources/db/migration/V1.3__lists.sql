SET lock_timeout = 0;

-- What an older program left beyond becomes the nearest: what is read is what is sorted by.
UPDATE tasks SET
    created_at = least(greatest(created_at, '0001-01-01 00:00:00Z'), '9999-12-31 23:59:59.999999Z'),
    updated_at = least(greatest(updated_at, '0001-01-01 00:00:00Z'), '9999-12-31 23:59:59.999999Z')
WHERE NOT (
    created_at BETWEEN '0001-01-01 00:00:00Z' AND '9999-12-31 23:59:59.999999Z' AND
    updated_at BETWEEN '0001-01-01 00:00:00Z' AND '9999-12-31 23:59:59.999999Z');

ALTER TABLE tasks VALIDATE CONSTRAINT tasks_times_in_range;

-- One index for each thing that lists are sorted by. A list of one state is one stretch of it, a
-- list of both states two stretches that are merged; see docs/performance.md.
DROP INDEX CONCURRENTLY IF EXISTS tasks_list_by_created_at;
CREATE INDEX CONCURRENTLY tasks_list_by_created_at ON tasks (user_id, completed, created_at, id);

DROP INDEX CONCURRENTLY IF EXISTS tasks_list_by_updated_at;
CREATE INDEX CONCURRENTLY tasks_list_by_updated_at ON tasks (user_id, completed, updated_at, id);

DROP INDEX CONCURRENTLY IF EXISTS tasks_list_by_title;
CREATE INDEX CONCURRENTLY tasks_list_by_title
    ON tasks (user_id, completed, lower(title COLLATE "C"), id);

DROP INDEX CONCURRENTLY IF EXISTS tasks_newest_first;
