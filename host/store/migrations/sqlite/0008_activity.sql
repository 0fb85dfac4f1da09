-- What members did and what was done to them, by day, written with the decision. In the order of days: what is written
-- now lies together, and what lies in a window of days is one walk for each group.
CREATE TABLE activity (
    group_id INTEGER NOT NULL REFERENCES groups DEFERRABLE INITIALLY DEFERRED,
    day      INTEGER NOT NULL, -- after 1970-01-01, of the group's time zone
    member   TEXT    NOT NULL,
    measure  TEXT    NOT NULL,
    other    TEXT    NOT NULL, -- with or by whom; empty where that does not count
    amount   INTEGER NOT NULL,
    PRIMARY KEY (group_id, day, member, measure, other)
) STRICT, WITHOUT ROWID;
