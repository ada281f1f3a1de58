-- The same numbers as before, drawn with less work. See "What the change log costs" in
-- docs/performance.md.

-- Who draws a number holds the user's row until the commit. A transaction that changes many tasks of
-- a user draws a thousand numbers at a time, from the second on: each older version of the row stays
-- until the commit, and every draw passes them all. What it has in hand is a setting of the
-- transaction: the next number, the last one, and whose they are.
CREATE OR REPLACE FUNCTION next_change_number(owner text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    hand   text := current_setting('taskport.change_numbers', true);
    drawn  bigint;
    newest bigint;
BEGIN
    IF hand <> '' THEN
        drawn := split_part(hand, ' ', 1);
        newest := split_part(hand, ' ', 2);
        IF drawn <= newest AND hand = concat_ws(' ', drawn, newest, owner) THEN
            hand := set_config(
                'taskport.change_numbers', concat_ws(' ', drawn + 1, newest, owner), true);
            RETURN drawn;
        END IF;
    END IF;

    -- The first one, if no row of this transaction is there: that would have no age. Nor has one of a
    -- transaction that began later and was faster, for which a thousand are drawn in vain.
    UPDATE ${schema}.change_logs SET number = number + 1
    WHERE user_id = owner AND age(xmin) > 0
    RETURNING number INTO newest;
    IF FOUND THEN
        RETURN newest;
    END IF;

    UPDATE ${schema}.change_logs SET number = number + 1000
    WHERE user_id = owner
    RETURNING number - 999, number INTO drawn, newest;
    IF FOUND THEN
        hand := set_config(
            'taskport.change_numbers', concat_ws(' ', drawn + 1, newest, owner), true);
        RETURN drawn;
    END IF;

    INSERT INTO ${schema}.change_logs AS log (user_id, number)
    VALUES (owner, 1)
    ON CONFLICT (user_id) DO UPDATE SET number = log.number + 1
    RETURNING log.number INTO newest;
    RETURN newest;
END
$$;

CREATE OR REPLACE FUNCTION task_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.user_id, OLD.id) = (NEW.user_id, NEW.id) THEN
        -- In an IF of its own, which is seldom prepared: the service always raises the version.
        -- Columns by name, because other programs may add some, which are not logged.
        IF OLD.version = NEW.version THEN
            IF (OLD.title, OLD.description, OLD.completed, OLD.created_at, OLD.updated_at,
                    OLD.priority, OLD.tags, OLD.due_date, OLD.due_all_day)
                IS NOT DISTINCT FROM
                    (NEW.title, NEW.description, NEW.completed, NEW.created_at, NEW.updated_at,
                    NEW.priority, NEW.tags, NEW.due_date, NEW.due_all_day) THEN
                RETURN NEW;
            END IF;
        END IF;
        NEW.change_number := ${schema}.next_change_number(NEW.user_id);
        RETURN NEW;
    END IF;

    IF TG_OP IN ('DELETE', 'UPDATE') THEN
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
    DELETE FROM ${schema}.deleted_tasks
    WHERE user_id = NEW.user_id AND id = NEW.id;
    RETURN NEW;
END
$$;

-- Without a condition: PostgreSQL would read it from the catalog again for each statement.
CREATE OR REPLACE TRIGGER update_logged BEFORE UPDATE ON tasks
    FOR EACH ROW EXECUTE FUNCTION task_changed();
