-- As in SQLite; see there.
CREATE TABLE plugin_bytes (
    digest BYTEA NOT NULL PRIMARY KEY,
    bytes  BYTEA NOT NULL
);
-- Components hardly get smaller: not tried.
ALTER TABLE plugin_bytes ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE plugins (
    name           TEXT COLLATE "C" NOT NULL,
    version        TEXT COLLATE "C" NOT NULL,
    digest         BYTEA            NOT NULL REFERENCES plugin_bytes,
    size_bytes     BIGINT           NOT NULL,
    facts          TEXT             NOT NULL, -- JSON
    uploaded_by    TEXT             NOT NULL,
    uploaded_at_ms BIGINT           NOT NULL,
    PRIMARY KEY (name, version)
);
CREATE INDEX plugins_by_digest ON plugins (digest);
