-- As in SQLite; see there. Names are compared and sorted by their bytes, as there: hence the collation.
CREATE TABLE document_revisions (
    collection    TEXT COLLATE "C" NOT NULL,
    brand         TEXT COLLATE "C" NOT NULL,
    id            TEXT COLLATE "C" NOT NULL,
    revision      BIGINT           NOT NULL,
    written_by    TEXT             NOT NULL,
    written_at_ms BIGINT           NOT NULL,
    body          TEXT             NOT NULL, -- JSON
    PRIMARY KEY (collection, brand, id, revision)
);

CREATE TABLE documents (
    collection TEXT COLLATE "C" NOT NULL,
    brand      TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    revision   BIGINT           NOT NULL,
    PRIMARY KEY (collection, brand, id),
    FOREIGN KEY (collection, brand, id, revision) REFERENCES document_revisions
);

-- What other hosts have to read anew: for each thing the number of its last change. Whoever changes something takes the
-- next number and holds the counter until it commits, so numbers become visible in their order and none is missed.
CREATE TABLE change_counter (
    last BIGINT NOT NULL
);
INSERT INTO change_counter (last) VALUES (0);

CREATE TABLE changes (
    collection TEXT COLLATE "C" NOT NULL, -- or `plugins`, with NAME/VERSION as its id
    brand      TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    number     BIGINT           NOT NULL UNIQUE,
    PRIMARY KEY (collection, brand, id)
);
