-- A group and where its journal ends: what a commit compares and swaps.
CREATE TABLE groups (
    id       INTEGER PRIMARY KEY,
    brand    TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    sequence INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    UNIQUE (brand, name)
) STRICT;

-- One row per event and its decision. Appended at the end of one tree: clustering by group would dirty a page of wide
-- rows per group and batch. The large columns come last, so that the small ones are read without them. The reference
-- is deferred: a check within the statement would cost a copy of every page it touches.
CREATE TABLE journal (
    id           INTEGER PRIMARY KEY,
    group_id     INTEGER NOT NULL REFERENCES groups DEFERRABLE INITIALLY DEFERRED,
    sequence     INTEGER NOT NULL,
    brand        TEXT    NOT NULL, -- the group's, here for the indexes
    decision_id  BLOB    NOT NULL, -- 16 bytes, whose order is the order of time
    at_ms        INTEGER NOT NULL,
    verdict      INTEGER NOT NULL, -- 0 allow, 1 flag, 2 hold, 3 block
    actor        TEXT,
    event_id     TEXT    NOT NULL,
    event_digest BLOB    NOT NULL,
    event        TEXT    NOT NULL, -- JSON
    decision     TEXT    NOT NULL  -- JSON
) STRICT;

-- Every index costs a dirty page per row unless its rows arrive nearly in its order: on a small machine that is most of
-- the price of a commit. So there are few, and they begin with what grows with time where they can.

-- The two laws of the journal. Most reporters number their events in the order of time, across groups.
CREATE UNIQUE INDEX journal_by_sequence ON journal (group_id, sequence);
CREATE UNIQUE INDEX journal_by_event ON journal (event_id, group_id);

-- The listings: each filter walks one of these, or `journal_by_sequence`, or `findings`, newest first.
CREATE UNIQUE INDEX journal_by_decision ON journal (brand, decision_id);
CREATE INDEX journal_by_member ON journal (brand, actor, decision_id) WHERE actor IS NOT NULL;
CREATE INDEX journal_by_verdict ON journal (brand, verdict, decision_id) WHERE verdict > 0;

-- Which rules spoke in which decision. An empty plugin or rule stands for any: (p, r), (p, '') and ('', r) are all
-- here, so that each of the three filters is one walk without doubles.
CREATE TABLE findings (
    brand       TEXT NOT NULL,
    plugin      TEXT NOT NULL,
    rule        TEXT NOT NULL,
    decision_id BLOB NOT NULL,
    PRIMARY KEY (brand, plugin, rule, decision_id)
) STRICT, WITHOUT ROWID;
