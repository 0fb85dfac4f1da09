-- Actions that plugins asked for, by day, over all groups of a brand: what daily caps are held against.
CREATE TABLE tallies (
    brand   TEXT    NOT NULL,
    plugin  TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    day     TEXT    NOT NULL, -- of the group's time zone, as 2026-11-22
    actions INTEGER NOT NULL,
    PRIMARY KEY (brand, plugin, kind, day)
) STRICT, WITHOUT ROWID;
