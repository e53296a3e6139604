-- +goose Up
CREATE TABLE envelopes (
    seq           BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id            TEXT    NOT NULL UNIQUE, -- envelope_id of Slack
    type          TEXT    NOT NULL,
    payload       BYTEA, -- NULL once erased
    owner         TEXT    NOT NULL, -- the replica that works on it
    stored_at     BIGINT  NOT NULL,
    claimed_until BIGINT  NOT NULL,
    answered_at   BIGINT  NOT NULL DEFAULT 0 -- 0: not answered
);

CREATE INDEX envelopes_waiting ON envelopes (claimed_until) WHERE answered_at = 0;
CREATE INDEX envelopes_payload ON envelopes (stored_at) WHERE payload IS NOT NULL;

-- +goose Down
DROP TABLE envelopes;
