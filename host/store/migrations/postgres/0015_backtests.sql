-- As in SQLite; see there.
CREATE TABLE backtests (
    id           BYTEA            NOT NULL PRIMARY KEY,
    brand        TEXT COLLATE "C" NOT NULL,
    asked        TEXT             NOT NULL,
    progress     TEXT             NOT NULL,
    has_ended    BOOLEAN          NOT NULL,
    noted_at_ms  BIGINT           NOT NULL,
    is_cancelled BOOLEAN          NOT NULL
);

CREATE INDEX backtests_by_brand ON backtests (brand, id);

CREATE TABLE backtest_differences (
    backtest_id BYTEA  NOT NULL,
    number      BIGINT NOT NULL,
    body        TEXT   NOT NULL,
    PRIMARY KEY (backtest_id, number)
);
