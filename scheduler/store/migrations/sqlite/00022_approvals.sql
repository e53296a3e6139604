-- +goose Up
-- Wishes beyond a limit, which an administrator approves or denies.
CREATE TABLE approvals (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    envelope     TEXT    NOT NULL,                -- with which somebody asked
    run          TEXT    NOT NULL,
    meeting_id   TEXT    NOT NULL,
    end_at       INTEGER NOT NULL,                -- from which the minutes count
    minutes      INTEGER NOT NULL,
    team         TEXT    NOT NULL,                -- who asked
    person       TEXT    NOT NULL,
    asked_in     TEXT    NOT NULL DEFAULT '',     -- channel
    reason       TEXT    NOT NULL DEFAULT '',
    beyond       TEXT    NOT NULL DEFAULT '',     -- the limit that stood in the way
    state        TEXT    NOT NULL DEFAULT 'asked',
    decider_team TEXT    NOT NULL DEFAULT '',     -- who approved or denied
    decider      TEXT    NOT NULL DEFAULT '',
    note         TEXT    NOT NULL DEFAULT '',     -- their reason
    outcome      TEXT    NOT NULL DEFAULT '',     -- of the extension that was approved
    extension    INTEGER NOT NULL DEFAULT 0,
    channel      TEXT    NOT NULL DEFAULT '',     -- where the card is
    ts           TEXT    NOT NULL DEFAULT '',
    shown        TEXT    NOT NULL DEFAULT '',     -- what the card shows
    told         TEXT    NOT NULL DEFAULT '',     -- what the one who asked was told
    created_at   INTEGER NOT NULL,
    decided_at   INTEGER NOT NULL DEFAULT 0,
    due_at       INTEGER NOT NULL DEFAULT 0       -- when somebody is to look after it; 0 = it is over
);
CREATE UNIQUE INDEX approvals_envelope ON approvals (envelope);
-- While a wish waits for a decision, the same wish is not asked for once more.
CREATE UNIQUE INDEX approvals_waiting ON approvals (run, end_at, minutes, team, person) WHERE state = 'asked';
CREATE INDEX approvals_due ON approvals (due_at) WHERE due_at > 0;
CREATE INDEX approvals_meeting ON approvals (meeting_id, id);

-- +goose Down
DROP TABLE approvals;
