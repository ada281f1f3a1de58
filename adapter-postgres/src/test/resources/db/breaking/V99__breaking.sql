ALTER TABLE tasks DROP COLUMN description;
