-- +goose Up
-- What buttons stand for. Rows are small and live for days: one tree is enough.
CREATE TABLE actions (
    id          TEXT    NOT NULL PRIMARY KEY, -- what the button says; random
    verb        TEXT    NOT NULL,
    run         TEXT    NOT NULL,
    meeting_id  TEXT    NOT NULL,
    minutes     INTEGER NOT NULL,
    command     TEXT    NOT NULL, -- canonical text of the command to send again
    offered_end INTEGER NOT NULL, -- 0: none
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX actions_expired ON actions (expires_at);

-- +goose Down
DROP TABLE actions;
