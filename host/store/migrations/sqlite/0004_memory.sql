-- The decision at the head: its number alone does not tell which of two decisions a commit was made on.
ALTER TABLE groups ADD COLUMN decision_id BLOB;
UPDATE groups SET decision_id =
    (SELECT j.decision_id FROM journal AS j WHERE j.group_id = groups.id AND j.sequence = groups.sequence);

-- What is remembered of a group. An empty owner is the host.
CREATE TABLE slots (
    group_id      INTEGER NOT NULL REFERENCES groups DEFERRABLE INITIALLY DEFERRED,
    owner         TEXT    NOT NULL,
    space         INTEGER NOT NULL, -- 0 value, 1 counter, 2 strikes, 3 labels
    name          TEXT    NOT NULL,
    weight_bytes  INTEGER NOT NULL,
    expires_at_ms INTEGER,
    body          BLOB    NOT NULL, -- postcard
    PRIMARY KEY (group_id, owner, space, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX slots_by_expiry ON slots (expires_at_ms) WHERE expires_at_ms IS NOT NULL;

-- Timers that have not fired.
CREATE TABLE timers (
    group_id INTEGER NOT NULL REFERENCES groups DEFERRABLE INITIALLY DEFERRED,
    plugin   TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    due_ms   INTEGER NOT NULL,
    started  INTEGER NOT NULL, -- the sequence number of the decision that started it
    note     TEXT    NOT NULL,
    PRIMARY KEY (group_id, plugin, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX timers_by_due ON timers (due_ms);
