-- As in SQLite; see there.
ALTER TABLE plugins ADD COLUMN retired BOOLEAN NOT NULL DEFAULT FALSE;
