-- Scorings and rankings. A large one is written in many small transactions, so that decisions do not wait for it, and
-- appears as a whole with the last one: until then it is not complete, and nobody sees it.
CREATE TABLE runs (
    key           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            BLOB    NOT NULL, -- 16 bytes
    brand         TEXT    NOT NULL,
    kind          INTEGER NOT NULL, -- 0 score, 1 rank
    group_name    TEXT    NOT NULL, -- empty for a run over the whole brand
    series        TEXT    NOT NULL, -- runs of one series are compared with each other
    at_ms         INTEGER NOT NULL,
    written_by    TEXT    NOT NULL,
    written_at_ms INTEGER NOT NULL,
    complete      INTEGER NOT NULL, -- 0 or 1
    summary       TEXT    NOT NULL  -- JSON
) STRICT;

CREATE UNIQUE INDEX runs_by_id ON runs (id) WHERE complete = 1;
CREATE INDEX runs_by_brand ON runs (brand, id) WHERE complete = 1;
CREATE INDEX runs_by_scope ON runs (brand, kind, group_name, series, at_ms, id) WHERE complete = 1;
CREATE INDEX runs_unfinished ON runs (written_at_ms) WHERE complete = 0;

CREATE TABLE run_rows (
    run_key  INTEGER NOT NULL REFERENCES runs,
    position INTEGER NOT NULL,
    id       TEXT    NOT NULL, -- of the member, or of the content
    body     TEXT    NOT NULL, -- JSON
    PRIMARY KEY (run_key, position)
) STRICT, WITHOUT ROWID;

-- What the run was made of, in parts.
CREATE TABLE run_inputs (
    run_key INTEGER NOT NULL REFERENCES runs,
    part    INTEGER NOT NULL,
    bytes   BLOB    NOT NULL,
    PRIMARY KEY (run_key, part)
) STRICT;
