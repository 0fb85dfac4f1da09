-- As in SQLite; see there.
CREATE TABLE content_activity (
    brand      TEXT COLLATE "C" NOT NULL,
    day        INTEGER          NOT NULL,
    content    TEXT COLLATE "C" NOT NULL,
    group_name TEXT COLLATE "C" NOT NULL,
    segment    TEXT COLLATE "C" NOT NULL,
    member     TEXT COLLATE "C" NOT NULL,
    measure    TEXT COLLATE "C" NOT NULL,
    amount     BIGINT           NOT NULL,
    PRIMARY KEY (brand, day, content, group_name, segment, member, measure)
) WITH (fillfactor = 70);

CREATE TABLE content_seen (
    brand      TEXT COLLATE "C" NOT NULL,
    group_name TEXT COLLATE "C" NOT NULL,
    member     TEXT COLLATE "C" NOT NULL,
    content    TEXT COLLATE "C" NOT NULL,
    day        INTEGER          NOT NULL,
    PRIMARY KEY (brand, group_name, member, content)
) WITH (fillfactor = 70);

CREATE INDEX content_seen_by_member ON content_seen (brand, member) WHERE member > '';
