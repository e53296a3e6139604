-- +goose Up
-- Messages of the automation. A row is written before its message is posted.
CREATE TABLE prompts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind IN ('ask', 'auto', 'trouble')),
    run        TEXT    NOT NULL,
    meeting_id TEXT    NOT NULL,
    end_at     INTEGER NOT NULL, -- the end that it is about
    rule_of    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('posting', 'posted', 'unsure', 'closed')),
    channel    TEXT    NOT NULL DEFAULT '',
    ts         TEXT    NOT NULL DEFAULT '', -- of the message, as Slack has it
    shown      TEXT    NOT NULL DEFAULT '',
    answer     TEXT    NOT NULL DEFAULT '' CHECK (answer IN ('', 'keep', 'end', 'stop')),
    team       TEXT    NOT NULL DEFAULT '', -- with person: who answered
    person     TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL
);

-- One prompt per run, end and kind.
CREATE UNIQUE INDEX prompts_once ON prompts (run, end_at, kind);
CREATE INDEX prompts_open ON prompts (state, created_at) WHERE state <> 'closed';

-- Which prompt a button stands under; 0: none.
ALTER TABLE actions ADD COLUMN prompt INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE actions DROP COLUMN prompt;
DROP TABLE prompts;
