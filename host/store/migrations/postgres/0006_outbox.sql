-- As in SQLite; see there.
CREATE TABLE outbox (
    webhook     TEXT COLLATE "C" NOT NULL,
    decision_id BYTEA            NOT NULL,
    attempts    BIGINT           NOT NULL,
    due_ms      BIGINT,
    failure     TEXT,
    PRIMARY KEY (webhook, decision_id)
) WITH (fillfactor = 70);

CREATE INDEX outbox_by_due ON outbox (webhook, due_ms) WHERE due_ms IS NOT NULL;
