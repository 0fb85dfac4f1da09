-- Backtests, told of by the host that runs them, and what they found. Not a part of what is decided.
CREATE TABLE backtests (
    id           BLOB    NOT NULL PRIMARY KEY,
    brand        TEXT    NOT NULL,
    asked        TEXT    NOT NULL, -- JSON
    progress     TEXT    NOT NULL, -- JSON
    has_ended    INTEGER NOT NULL,
    noted_at_ms  INTEGER NOT NULL, -- by the wall clock
    is_cancelled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX backtests_by_brand ON backtests (brand, id);

CREATE TABLE backtest_differences (
    backtest_id BLOB    NOT NULL,
    number      INTEGER NOT NULL, -- from 0, in the order in which they were found
    body        TEXT    NOT NULL, -- JSON
    PRIMARY KEY (backtest_id, number)
) STRICT, WITHOUT ROWID;
