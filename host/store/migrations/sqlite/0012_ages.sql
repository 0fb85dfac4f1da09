-- What is old is forgotten: runs that were never finished, and those that were long ago.
DROP INDEX runs_unfinished;
CREATE INDEX runs_by_age ON runs (complete, written_at_ms);
