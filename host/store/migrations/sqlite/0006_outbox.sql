-- Decisions that webhooks have yet to be told, written with the decision. What is told is gone from here; what was given
-- up stays for a while, without a due time.
CREATE TABLE outbox (
    webhook     TEXT    NOT NULL, -- BRAND/NAME
    decision_id BLOB    NOT NULL, -- whose order is the order of time
    attempts    INTEGER NOT NULL,
    due_ms      INTEGER,          -- by the wall clock; none when it was given up
    failure     TEXT,             -- of the last attempt
    PRIMARY KEY (webhook, decision_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_by_due ON outbox (webhook, due_ms) WHERE due_ms IS NOT NULL;
