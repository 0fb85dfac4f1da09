-- As in SQLite; see there.
CREATE TABLE runs (
    key           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id            BYTEA            NOT NULL,
    brand         TEXT COLLATE "C" NOT NULL,
    kind          SMALLINT         NOT NULL, -- 0 score, 1 rank
    group_name    TEXT COLLATE "C" NOT NULL,
    series        TEXT COLLATE "C" NOT NULL,
    at_ms         BIGINT           NOT NULL,
    written_by    TEXT             NOT NULL,
    written_at_ms BIGINT           NOT NULL,
    complete      SMALLINT         NOT NULL,
    summary       TEXT             NOT NULL -- JSON
);

CREATE UNIQUE INDEX runs_by_id ON runs (id) WHERE complete = 1;
CREATE INDEX runs_by_brand ON runs (brand, id) WHERE complete = 1;
CREATE INDEX runs_by_scope ON runs (brand, kind, group_name, series, at_ms, id) WHERE complete = 1;
CREATE INDEX runs_unfinished ON runs (written_at_ms) WHERE complete = 0;

CREATE TABLE run_rows (
    run_key  BIGINT           NOT NULL,
    position BIGINT           NOT NULL,
    id       TEXT COLLATE "C" NOT NULL,
    body     TEXT             NOT NULL, -- JSON
    PRIMARY KEY (run_key, position)
);

CREATE TABLE run_inputs (
    run_key BIGINT NOT NULL,
    part    BIGINT NOT NULL,
    bytes   BYTEA  NOT NULL,
    PRIMARY KEY (run_key, part)
);
