CREATE TABLE tasks (
    user_id     varchar(255)  NOT NULL,
    id          uuid          NOT NULL,
    title       varchar(200)  NOT NULL,
    description varchar(1000),
    completed   boolean       NOT NULL,
    created_at  timestamptz   NOT NULL,
    updated_at  timestamptz   NOT NULL,
    version     bigint        NOT NULL DEFAULT 1,
    CONSTRAINT tasks_primary_key PRIMARY KEY (user_id, id)
);

-- A user's tasks, newest first; read backwards it serves oldest first.
CREATE INDEX tasks_newest_first ON tasks (user_id, created_at DESC, id DESC);
