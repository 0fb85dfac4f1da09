-- Apart from the versions, so that listing those never reads a component.
CREATE TABLE plugin_bytes (
    digest BLOB NOT NULL PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;

CREATE TABLE plugins (
    name           TEXT    NOT NULL,
    version        TEXT    NOT NULL,
    digest         BLOB    NOT NULL REFERENCES plugin_bytes,
    size_bytes     INTEGER NOT NULL,
    facts          TEXT    NOT NULL, -- JSON
    uploaded_by    TEXT    NOT NULL,
    uploaded_at_ms INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT;

-- Tells whether bytes are still in use.
CREATE INDEX plugins_by_digest ON plugins (digest);
