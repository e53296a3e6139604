-- +goose Up
-- The dialogs that people have open. A view itself says the ID of its row alone.
CREATE TABLE dialogs (
    id           TEXT    NOT NULL PRIMARY KEY, -- what the view says; random
    secret       TEXT    NOT NULL, -- seals what the view offers to choose; never sent
    person       TEXT    NOT NULL, -- whose view it is, as Slack names them
    channel      TEXT    NOT NULL, -- where it was opened; empty: nowhere
    command      TEXT    NOT NULL, -- the command's name there, as "/extend"
    response_url TEXT    NOT NULL, -- where its result is told; a secret: empty once erased
    wish         TEXT    NOT NULL, -- of a view that asks for confirmation: the canonical text of the command
    run          TEXT    NOT NULL, -- of the same: what it is about, and
    offered_end  INTEGER NOT NULL, -- its end when that was asked; 0: none
    held         TEXT    NOT NULL, -- the name of what the memory of a process holds for it; empty: nothing
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX dialogs_expired ON dialogs (expires_at);
CREATE INDEX dialogs_answerable ON dialogs (created_at) WHERE response_url <> '';

-- +goose Down
DROP TABLE dialogs;
