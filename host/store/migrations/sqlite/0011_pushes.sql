-- Pushes that were reserved: what quotas are held against.
CREATE TABLE pushes (
    brand     TEXT    NOT NULL,
    recipient TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    key       TEXT    NOT NULL, -- the same one reserves once
    at_ms     INTEGER NOT NULL,
    PRIMARY KEY (brand, recipient, account, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX pushes_by_time ON pushes (brand, recipient, account, at_ms);
CREATE INDEX pushes_by_age ON pushes (at_ms);
