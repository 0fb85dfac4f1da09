-- As in SQLite; see there. Rows of the day are written again and again: free space in their pages keeps the index out of
-- that.
CREATE TABLE activity (
    group_id BIGINT           NOT NULL,
    day      INTEGER          NOT NULL,
    member   TEXT COLLATE "C" NOT NULL,
    measure  TEXT COLLATE "C" NOT NULL,
    other    TEXT COLLATE "C" NOT NULL,
    amount   BIGINT           NOT NULL,
    PRIMARY KEY (group_id, day, member, measure, other)
) WITH (fillfactor = 70);
