-- +goose Up
-- The same as for SQLite, where it is explained.
CREATE TABLE rules (
    rule_of       TEXT    NOT NULL PRIMARY KEY,
    mode          TEXT    NOT NULL CHECK (mode IN ('off', 'ask', 'auto')),
    minutes       INTEGER NOT NULL,
    max_minutes   INTEGER NOT NULL,
    channel       TEXT    NOT NULL,
    team          TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    paused        TEXT    NOT NULL,
    paused_team   TEXT    NOT NULL,
    paused_person TEXT    NOT NULL,
    paused_at     BIGINT  NOT NULL,
    created_at    BIGINT  NOT NULL
);

-- At most one row: all automation is paused while there is one.
CREATE TABLE automation_pause (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    paused    TEXT    NOT NULL,
    team      TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    paused_at BIGINT  NOT NULL
);

-- +goose Down
DROP TABLE automation_pause;
DROP TABLE rules;
