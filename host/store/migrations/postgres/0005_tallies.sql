-- As in SQLite; see there.
CREATE TABLE tallies (
    brand   TEXT COLLATE "C" NOT NULL,
    plugin  TEXT COLLATE "C" NOT NULL,
    kind    TEXT COLLATE "C" NOT NULL,
    day     TEXT COLLATE "C" NOT NULL,
    actions BIGINT           NOT NULL,
    PRIMARY KEY (brand, plugin, kind, day)
) WITH (fillfactor = 70);
