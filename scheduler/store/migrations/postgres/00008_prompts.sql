-- +goose Up
-- The same as for SQLite, where it is explained.
CREATE TABLE prompts (
    id         BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       TEXT    NOT NULL CHECK (kind IN ('ask', 'auto', 'trouble')),
    run        TEXT    NOT NULL,
    meeting_id TEXT    NOT NULL,
    end_at     BIGINT  NOT NULL,
    rule_of    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('posting', 'posted', 'unsure', 'closed')),
    channel    TEXT    NOT NULL DEFAULT '',
    ts         TEXT    NOT NULL DEFAULT '',
    shown      TEXT    NOT NULL DEFAULT '',
    answer     TEXT    NOT NULL DEFAULT '' CHECK (answer IN ('', 'keep', 'end', 'stop')),
    team       TEXT    NOT NULL DEFAULT '',
    person     TEXT    NOT NULL DEFAULT '',
    created_at BIGINT  NOT NULL
);

-- One prompt per run, end and kind.
CREATE UNIQUE INDEX prompts_once ON prompts (run, end_at, kind);
CREATE INDEX prompts_open ON prompts (state, created_at, id) WHERE state <> 'closed';

-- Which prompt a button stands under; 0: none.
ALTER TABLE actions ADD COLUMN prompt BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE actions DROP COLUMN prompt;
DROP TABLE prompts;
