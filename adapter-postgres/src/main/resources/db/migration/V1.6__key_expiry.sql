-- A key expires by the time of its claim, which the database's clock tells: created_at, the task's,
-- is by the clock of the instance that created it. Keys that are there count from now on; a default
-- that is the same for all rows doesn't rewrite them.
ALTER TABLE idempotency_keys
    ADD COLUMN IF NOT EXISTS claimed_at timestamptz NOT NULL DEFAULT now();

-- A claim of an expired key is an update that begins to count anew. A release of V1.3 does that,
-- too, but doesn't name the column.
CREATE OR REPLACE FUNCTION idempotency_key_claimed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.claimed_at := now();
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER claimed BEFORE UPDATE OF task_id ON idempotency_keys
    FOR EACH ROW WHEN (NEW.attempts = 1) EXECUTE FUNCTION idempotency_key_claimed();
