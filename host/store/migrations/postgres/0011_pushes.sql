-- As in SQLite; see there.
CREATE TABLE pushes (
    brand     TEXT COLLATE "C" NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    key       TEXT COLLATE "C" NOT NULL,
    at_ms     BIGINT           NOT NULL,
    PRIMARY KEY (brand, recipient, account, key)
);

CREATE INDEX pushes_by_time ON pushes (brand, recipient, account, at_ms);
CREATE INDEX pushes_by_age ON pushes (at_ms);
