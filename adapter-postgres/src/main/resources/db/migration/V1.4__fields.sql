-- A release of V1.3 goes on working: it doesn't name these columns, and none lacks a default.
ALTER TABLE tasks
    ADD COLUMN IF NOT EXISTS priority    text        NOT NULL DEFAULT 'medium',
    -- In their order, with commas between them: no tag holds one.
    ADD COLUMN IF NOT EXISTS tags        text        NOT NULL DEFAULT '',
    -- Of a date, its 00:00 UTC.
    ADD COLUMN IF NOT EXISTS due_date    timestamptz,
    ADD COLUMN IF NOT EXISTS due_all_day boolean     NOT NULL DEFAULT false;

-- The years that RFC 3339 can tell.
ALTER TABLE tasks DROP CONSTRAINT IF EXISTS tasks_due_date_in_range;
ALTER TABLE tasks ADD CONSTRAINT tasks_due_date_in_range CHECK (
    due_date BETWEEN '0001-01-01 00:00:00Z' AND '9999-12-31 23:59:59.999999Z') NOT VALID;

-- The id of the task that the key stands for, then SHA-256 over the task's fields beside title and
-- description. With another id, or NULL, a release of V1.3 has claimed the key.
ALTER TABLE idempotency_keys ADD COLUMN IF NOT EXISTS fields bytea;
