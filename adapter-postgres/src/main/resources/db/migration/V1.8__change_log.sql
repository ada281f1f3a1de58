-- Every change of a task gets the next number of its user. Triggers draw it, so that what an older
-- release or another program writes is in the log, too. Tasks that are there have the number 0; a
-- default that is the same for all rows doesn't rewrite them. See docs/architecture.md.
ALTER TABLE tasks ADD COLUMN change_number bigint NOT NULL DEFAULT 0;

-- How far the log of each user has come. Whoever draws a number holds the row until the commit. With
-- room in each page, new versions of a row stay in it and need no new entry in the index.
CREATE TABLE change_logs (
    user_id    text        NOT NULL,
    number     bigint      NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT change_logs_pkey PRIMARY KEY (user_id)
) WITH (fillfactor = 50);

-- Deleted tasks whose id no task has. Without content, one can't be restored.
CREATE TABLE deleted_tasks (
    user_id       text        NOT NULL,
    id            uuid        NOT NULL,
    change_number bigint      NOT NULL,
    deleted_at    timestamptz NOT NULL,
    content       jsonb,
    CONSTRAINT deleted_tasks_pkey PRIMARY KEY (user_id, id)
);

-- For readers of the log, for the list of what can be restored, and for the removal of what has
-- expired.
CREATE INDEX deleted_tasks_by_change ON deleted_tasks (user_id, change_number, id);
CREATE INDEX deleted_tasks_restorable ON deleted_tasks (user_id, change_number)
    WHERE content IS NOT NULL;
CREATE INDEX deleted_tasks_by_time ON deleted_tasks (deleted_at);
CREATE INDEX deleted_tasks_content_by_time ON deleted_tasks (deleted_at) WHERE content IS NOT NULL;

-- The highest number of the removed rows of deleted_tasks, by user. Apart from change_logs, because
-- the removal must not hold up writers.
CREATE TABLE forgotten_changes (
    user_id text   NOT NULL,
    number  bigint NOT NULL,
    CONSTRAINT forgotten_changes_pkey PRIMARY KEY (user_id)
);

-- Tables are named with their schema, because another program may have another search path.

-- Who draws a number holds the user's row until the commit. A transaction that changes many tasks of
-- a user draws a thousand numbers at a time, from the second on: each older version of the row stays
-- until the commit, and every draw passes them all. What it has in hand is a setting of the
-- transaction: the next number, the last one, and whose they are.
CREATE FUNCTION next_change_number(owner text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    hand   text := nullif(current_setting('taskport.change_numbers', true), '');
    drawn  bigint := split_part(hand, ' ', 1);
    newest bigint := split_part(hand, ' ', 2);
    owns   boolean := hand = concat_ws(' ', drawn, newest, owner);
    draw   bigint := CASE WHEN owns THEN 1000 ELSE 1 END;
BEGIN
    IF (owns AND drawn <= newest) IS NOT TRUE THEN
        INSERT INTO ${schema}.change_logs AS log (user_id, number)
        VALUES (owner, draw)
        ON CONFLICT (user_id) DO UPDATE SET number = log.number + draw
        RETURNING log.number INTO newest;
        drawn := newest - draw + 1;
    END IF;
    PERFORM set_config('taskport.change_numbers', concat_ws(' ', drawn + 1, newest, owner), true);
    RETURN drawn;
END
$$;

GRANT EXECUTE ON FUNCTION next_change_number TO PUBLIC;

CREATE FUNCTION task_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.user_id, OLD.id) <> (NEW.user_id, NEW.id) THEN
        INSERT INTO ${schema}.deleted_tasks
        VALUES (
            OLD.user_id,
            OLD.id,
            ${schema}.next_change_number(OLD.user_id),
            clock_timestamp(),
            CASE WHEN TG_OP = 'DELETE'
                AND current_setting('taskport.keep_deleted', true) IS DISTINCT FROM 'off'
                THEN to_jsonb(OLD) - '{user_id,id,change_number}'::text[] END)
        ON CONFLICT (user_id, id) DO UPDATE SET
            change_number = excluded.change_number,
            deleted_at = excluded.deleted_at,
            content = excluded.content;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;

    NEW.change_number := ${schema}.next_change_number(NEW.user_id);
    -- A task that is there has no deletion.
    IF TG_OP = 'INSERT' OR (OLD.user_id, OLD.id) <> (NEW.user_id, NEW.id) THEN
        DELETE FROM ${schema}.deleted_tasks
        WHERE user_id = NEW.user_id AND id = NEW.id;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER logged BEFORE INSERT OR DELETE ON tasks
    FOR EACH ROW EXECUTE FUNCTION task_changed();

-- Columns by name: PostgreSQL refuses the whole row here if one of its columns is generated.
CREATE TRIGGER update_logged BEFORE UPDATE ON tasks
    FOR EACH ROW
    WHEN ((OLD.user_id, OLD.id, OLD.title, OLD.description, OLD.completed, OLD.created_at,
            OLD.updated_at, OLD.version, OLD.priority, OLD.tags, OLD.due_date, OLD.due_all_day)
        IS DISTINCT FROM
          (NEW.user_id, NEW.id, NEW.title, NEW.description, NEW.completed, NEW.created_at,
            NEW.updated_at, NEW.version, NEW.priority, NEW.tags, NEW.due_date, NEW.due_all_day))
    EXECUTE FUNCTION task_changed();

-- Triggers act with the rights of whoever writes: the new tables are for the same roles as tasks.
DO $$
DECLARE
    writer regrole;
BEGIN
    FOR writer IN
        SELECT relowner FROM pg_class WHERE oid = 'tasks'::regclass
        UNION
        SELECT granted.grantee
        FROM pg_class, aclexplode(relacl) AS granted
        WHERE oid = 'tasks'::regclass
            AND granted.privilege_type IN ('INSERT', 'UPDATE', 'DELETE')
        UNION
        SELECT granted.grantee
        FROM pg_attribute, aclexplode(attacl) AS granted
        WHERE attrelid = 'tasks'::regclass
            AND granted.privilege_type IN ('INSERT', 'UPDATE')
    LOOP
        EXECUTE format(
            'GRANT SELECT, INSERT, UPDATE, DELETE ON change_logs, deleted_tasks, forgotten_changes TO %s',
            CASE WHEN writer = 0 THEN 'PUBLIC' ELSE writer::text END);
    END LOOP;
END
$$;
