-- +goose Up
-- The same as for SQLite, where the columns are explained.
CREATE TABLE dialogs (
    id           TEXT   NOT NULL PRIMARY KEY,
    secret       TEXT   NOT NULL,
    person       TEXT   NOT NULL,
    channel      TEXT   NOT NULL,
    command      TEXT   NOT NULL,
    response_url TEXT   NOT NULL,
    wish         TEXT   NOT NULL,
    run          TEXT   NOT NULL,
    offered_end  BIGINT NOT NULL,
    held         TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);

CREATE INDEX dialogs_expired ON dialogs (expires_at);
CREATE INDEX dialogs_answerable ON dialogs (created_at) WHERE response_url <> '';

-- +goose Down
DROP TABLE dialogs;
