-- As in SQLite; see there. A row here is locked by whoever commits to the group, and updated with each batch: free space
-- in its page keeps the indexes out of that.
CREATE TABLE groups (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand    TEXT COLLATE "C" NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    sequence BIGINT           NOT NULL,
    at_ms    BIGINT           NOT NULL,
    UNIQUE (brand, name)
) WITH (fillfactor = 50);

-- No reference to the groups: it would cost a look-up per row, and who writes here has locked the group's row.
CREATE TABLE journal (
    group_id     BIGINT           NOT NULL,
    sequence     BIGINT           NOT NULL,
    at_ms        BIGINT           NOT NULL,
    verdict      SMALLINT         NOT NULL, -- 0 allow, 1 flag, 2 hold, 3 block
    brand        TEXT COLLATE "C" NOT NULL, -- the group's, here for the indexes
    decision_id  BYTEA            NOT NULL, -- 16 bytes, whose order is the order of time
    actor        TEXT COLLATE "C",
    event_id     TEXT COLLATE "C" NOT NULL,
    event_digest BYTEA            NOT NULL,
    event        TEXT             NOT NULL, -- JSON
    decision     TEXT             NOT NULL, -- JSON
    CONSTRAINT journal_by_sequence PRIMARY KEY (group_id, sequence)
);

CREATE UNIQUE INDEX journal_by_event ON journal (event_id, group_id);
CREATE UNIQUE INDEX journal_by_decision ON journal (brand, decision_id);
CREATE INDEX journal_by_member ON journal (brand, actor, decision_id) WHERE actor IS NOT NULL;
CREATE INDEX journal_by_verdict ON journal (brand, verdict, decision_id) WHERE verdict > 0;

CREATE TABLE findings (
    brand       TEXT COLLATE "C" NOT NULL,
    plugin      TEXT COLLATE "C" NOT NULL,
    rule        TEXT COLLATE "C" NOT NULL,
    decision_id BYTEA            NOT NULL,
    PRIMARY KEY (brand, plugin, rule, decision_id)
);
