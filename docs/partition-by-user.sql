-- Partitions Taskport's tables by the hash of user_id: see "Partitions" in operations.md.
-- Run it as the tables' owner while no instance runs; it locks the tables and copies all rows:
--
--   psql "$DATABASE_URL" -v ON_ERROR_STOP=1 --single-transaction -f partition-by-user.sql
--
-- It keeps columns, defaults, constraints, indexes, triggers and rights, also those that other programs
-- have added; it refuses what a partitioned table can't have. It fails as a whole or not at all.

DO $$
DECLARE
    partitions CONSTANT int := 8;
    owner      name;
    plain      regclass;
    part_of    text;
    columns    text;
    storage    text;
    later      text[];
    statement  text;
BEGIN
    IF NOT EXISTS (
        SELECT FROM taskport_schema_history WHERE success AND version IN ('1.9', '1.9.0')) THEN
        RAISE EXCEPTION 'The schema is older than version 1.9: run taskport migrate first';
    END IF;
    FOREACH part_of IN ARRAY
        ARRAY['change_logs', 'forgotten_changes', 'deleted_tasks', 'tasks', 'idempotency_keys']
    LOOP
        EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', part_of);
        plain := part_of::regclass;
        IF (SELECT relkind FROM pg_class WHERE oid = plain) <> 'r' THEN
            RAISE EXCEPTION 'Table % is not an ordinary table: it is partitioned already', part_of;
        END IF;
        IF EXISTS (SELECT FROM pg_constraint WHERE confrelid = plain)
            OR EXISTS (SELECT FROM pg_class WHERE oid = plain AND relrowsecurity)
            OR EXISTS (SELECT FROM pg_policy WHERE polrelid = plain) THEN
            RAISE EXCEPTION 'Table % has policies, or foreign keys refer to it: drop them first', part_of;
        END IF;

        SELECT pg_get_userbyid(relowner), ' WITH (' || array_to_string(reloptions, ', ') || ')'
        INTO owner, storage
        FROM pg_class WHERE oid = plain;
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
        FROM pg_attribute
        WHERE attrelid = plain AND attnum > 0 AND NOT attisdropped AND attgenerated = '';

        -- In this order, when the rows are in their place: so that the indexes are built at once, and
        -- no trigger draws new numbers. The definitions name the table as it is called now.
        later := ARRAY(
                SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s',
                    part_of, conname, pg_get_constraintdef(oid))
                FROM pg_constraint WHERE conrelid = plain AND contype IN ('p', 'u', 'x', 'f')
                ORDER BY contype = 'f')
            || ARRAY(
                SELECT pg_get_indexdef(indexrelid)
                FROM pg_index
                WHERE indrelid = plain
                    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid))
            || ARRAY(
                SELECT pg_get_triggerdef(oid)
                FROM pg_trigger WHERE tgrelid = plain AND NOT tgisinternal)
            || ARRAY(
                SELECT format('GRANT %s ON %I TO %s', privilege_type, part_of,
                    CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
                FROM pg_class, aclexplode(relacl) WHERE oid = plain AND grantee <> relowner)
            || ARRAY(
                SELECT format('GRANT %s (%I) ON %I TO %s', privilege_type, attname, part_of,
                    CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
                FROM pg_attribute, aclexplode(attacl) WHERE attrelid = plain);

        EXECUTE format('ALTER TABLE %I RENAME TO %I', part_of, part_of || '_plain');
        EXECUTE format(
            'CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES) PARTITION BY HASH (user_id)',
            part_of, part_of || '_plain');
        EXECUTE format('ALTER TABLE %I OWNER TO %I', part_of, owner);
        FOR i IN 0 .. partitions - 1 LOOP
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS %s, REMAINDER %s)%s',
                part_of || '_' || i, part_of, partitions, i, storage);
            EXECUTE format('ALTER TABLE %I OWNER TO %I', part_of || '_' || i, owner);
        END LOOP;
        EXECUTE format('INSERT INTO %I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %I',
            part_of, columns, columns, part_of || '_plain');
        EXECUTE format('DROP TABLE %I', part_of || '_plain');
        FOREACH statement IN ARRAY later LOOP
            EXECUTE statement;
        END LOOP;
        EXECUTE format('ANALYZE %I', part_of);
    END LOOP;
END
$$;
