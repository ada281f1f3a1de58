-- The years that RFC 3339 can tell. Binding for what is written from now on; V1.3 sees to the rest.
ALTER TABLE tasks ADD CONSTRAINT tasks_times_in_range CHECK (
    created_at BETWEEN '0001-01-01 00:00:00Z' AND '9999-12-31 23:59:59.999999Z' AND
    updated_at BETWEEN '0001-01-01 00:00:00Z' AND '9999-12-31 23:59:59.999999Z') NOT VALID;
