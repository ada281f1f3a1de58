-- What a client's name for one creation stands for. No reference to tasks: a key outlives its task.

CREATE TABLE idempotency_keys (
    user_id    varchar(255) NOT NULL,
    key        varchar(255) NOT NULL,
    task_id    uuid         NOT NULL,
    -- SHA-256 over the accepted title and description.
    content    bytea        NOT NULL,
    created_at timestamptz  NOT NULL,
    -- How many creations have named the key: a statement that finds 1 after its upsert owns the key.
    attempts   bigint       NOT NULL DEFAULT 1,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key)
);

-- For the removal of expired keys, oldest first.
CREATE INDEX idempotency_keys_oldest_first ON idempotency_keys (created_at);
