-- +goose Up
-- What people asked for of automation. Times are Unix milliseconds, 0 = none.
CREATE TABLE rules (
    rule_of       TEXT    NOT NULL PRIMARY KEY, -- ID of the meeting or of the cloud room
    mode          TEXT    NOT NULL CHECK (mode IN ('off', 'ask', 'auto')),
    minutes       INTEGER NOT NULL,
    max_minutes   INTEGER NOT NULL,
    channel       TEXT    NOT NULL,
    team          TEXT    NOT NULL, -- with person: the owner
    person        TEXT    NOT NULL,
    paused        TEXT    NOT NULL, -- why; empty while the rule is in force
    paused_team   TEXT    NOT NULL,
    paused_person TEXT    NOT NULL,
    paused_at     INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) WITHOUT ROWID;

-- At most one row: all automation is paused while there is one.
CREATE TABLE automation_pause (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    paused    TEXT    NOT NULL,
    team      TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    paused_at INTEGER NOT NULL
);

-- +goose Down
DROP TABLE automation_pause;
DROP TABLE rules;
