-- Every revision that was ever written. It outlives a deletion, which is why a revision number is never used twice.
CREATE TABLE document_revisions (
    collection    TEXT    NOT NULL,
    brand         TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    revision      INTEGER NOT NULL,
    written_by    TEXT    NOT NULL,
    written_at_ms INTEGER NOT NULL,
    body          TEXT    NOT NULL, -- JSON; last, because it may be large
    PRIMARY KEY (collection, brand, id, revision)
) STRICT;

-- Which revision stands. A document that is not here does not exist.
CREATE TABLE documents (
    collection TEXT    NOT NULL,
    brand      TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    PRIMARY KEY (collection, brand, id),
    FOREIGN KEY (collection, brand, id, revision) REFERENCES document_revisions
) STRICT, WITHOUT ROWID;
