-- +goose Up
-- The same as for SQLite, where it is explained.
CREATE TABLE approvals (
    id           BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    envelope     TEXT    NOT NULL,
    run          TEXT    NOT NULL,
    meeting_id   TEXT    NOT NULL,
    end_at       BIGINT  NOT NULL,
    minutes      BIGINT  NOT NULL,
    team         TEXT    NOT NULL,
    person       TEXT    NOT NULL,
    asked_in     TEXT    NOT NULL DEFAULT '',
    reason       TEXT    NOT NULL DEFAULT '',
    beyond       TEXT    NOT NULL DEFAULT '',
    state        TEXT    NOT NULL DEFAULT 'asked',
    decider_team TEXT    NOT NULL DEFAULT '',
    decider      TEXT    NOT NULL DEFAULT '',
    note         TEXT    NOT NULL DEFAULT '',
    outcome      TEXT    NOT NULL DEFAULT '',
    extension    BIGINT  NOT NULL DEFAULT 0,
    channel      TEXT    NOT NULL DEFAULT '',
    ts           TEXT    NOT NULL DEFAULT '',
    shown        TEXT    NOT NULL DEFAULT '',
    told         TEXT    NOT NULL DEFAULT '',
    created_at   BIGINT  NOT NULL,
    decided_at   BIGINT  NOT NULL DEFAULT 0,
    due_at       BIGINT  NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX approvals_envelope ON approvals (envelope);
CREATE UNIQUE INDEX approvals_waiting ON approvals (run, end_at, minutes, team, person) WHERE state = 'asked';
CREATE INDEX approvals_due ON approvals (due_at) WHERE due_at > 0;
CREATE INDEX approvals_meeting ON approvals (meeting_id, id);

-- +goose Down
DROP TABLE approvals;
