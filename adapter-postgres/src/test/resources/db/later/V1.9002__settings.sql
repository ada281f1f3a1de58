CREATE TABLE settings AS
    SELECT name, setting FROM pg_settings WHERE name IN ('TimeZone', 'lock_timeout');
