-- As in SQLite; see there.
ALTER TABLE groups ADD COLUMN decision_id BYTEA;

-- Counters are written again and again: free space in their pages keeps the indexes out of that, as far as the expiry
-- stays. What plugins choose is bytes: a text here can't have every character that theirs may.
CREATE TABLE slots (
    group_id      BIGINT           NOT NULL,
    owner         TEXT COLLATE "C" NOT NULL,
    space         SMALLINT         NOT NULL, -- 0 value, 1 counter, 2 strikes, 3 labels
    name          BYTEA            NOT NULL,
    weight_bytes  BIGINT           NOT NULL,
    expires_at_ms BIGINT,
    body          BYTEA            NOT NULL, -- postcard
    PRIMARY KEY (group_id, owner, space, name)
) WITH (fillfactor = 70);

CREATE INDEX slots_by_expiry ON slots (expires_at_ms) WHERE expires_at_ms IS NOT NULL;

CREATE TABLE timers (
    group_id BIGINT           NOT NULL,
    plugin   TEXT COLLATE "C" NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    due_ms   BIGINT           NOT NULL,
    started  BIGINT           NOT NULL, -- the sequence number of the decision that started it
    note     BYTEA            NOT NULL,
    PRIMARY KEY (group_id, plugin, name)
);

CREATE INDEX timers_by_due ON timers (due_ms);
