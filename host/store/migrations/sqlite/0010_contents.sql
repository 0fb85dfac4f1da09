-- What became of contents, by day, written with the decision. An empty member is the group as a whole.
CREATE TABLE content_activity (
    brand      TEXT    NOT NULL,
    day        INTEGER NOT NULL, -- after 1970-01-01, of the group's time zone
    content    TEXT    NOT NULL,
    group_name TEXT    NOT NULL,
    segment    TEXT    NOT NULL,
    member     TEXT    NOT NULL,
    measure    TEXT    NOT NULL,
    amount     INTEGER NOT NULL,
    PRIMARY KEY (brand, day, content, group_name, segment, member, measure)
) STRICT, WITHOUT ROWID;

-- Who has seen what, and when last: what is not recommended again. An empty member is the group as a whole.
CREATE TABLE content_seen (
    brand      TEXT    NOT NULL,
    group_name TEXT    NOT NULL,
    member     TEXT    NOT NULL,
    content    TEXT    NOT NULL,
    day        INTEGER NOT NULL,
    PRIMARY KEY (brand, group_name, member, content)
) STRICT, WITHOUT ROWID;

CREATE INDEX content_seen_by_member ON content_seen (brand, member) WHERE member > '';
