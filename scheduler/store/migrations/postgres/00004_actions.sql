-- +goose Up
-- The same as for SQLite, where the columns are explained.
CREATE TABLE actions (
    id          TEXT    NOT NULL PRIMARY KEY,
    verb        TEXT    NOT NULL,
    run         TEXT    NOT NULL,
    meeting_id  TEXT    NOT NULL,
    minutes     INTEGER NOT NULL,
    command     TEXT    NOT NULL,
    offered_end BIGINT  NOT NULL,
    created_at  BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL
);

CREATE INDEX actions_expired ON actions (expires_at);

-- +goose Down
DROP TABLE actions;
