-- As in SQLite; see there.
DROP INDEX runs_unfinished;
CREATE INDEX runs_by_age ON runs (complete, written_at_ms);
