-- As in SQLite; see there.
ALTER TABLE timers ADD COLUMN member TEXT COLLATE "C";
