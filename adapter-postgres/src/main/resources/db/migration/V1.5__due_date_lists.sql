SET lock_timeout = 0;

-- A task is in one of the two: those without a due date are the end of a list in both directions,
-- so they are a stretch of their own. See docs/performance.md.
DROP INDEX CONCURRENTLY IF EXISTS tasks_list_by_due_date;
CREATE INDEX CONCURRENTLY tasks_list_by_due_date
    ON tasks (user_id, completed, due_date, (NOT due_all_day), id) WHERE due_date IS NOT NULL;

DROP INDEX CONCURRENTLY IF EXISTS tasks_list_without_due_date;
CREATE INDEX CONCURRENTLY tasks_list_without_due_date
    ON tasks (user_id, completed, id) WHERE due_date IS NULL;
