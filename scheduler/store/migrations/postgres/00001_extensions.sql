-- +goose Up
-- The same as for SQLite, where the columns are explained.

-- The clock of everything: the server's, in Unix milliseconds. Tests replace it.
CREATE FUNCTION overtime_now() RETURNS BIGINT LANGUAGE sql STABLE
    AS 'SELECT (extract(epoch FROM statement_timestamp()) * 1000)::BIGINT';

CREATE TABLE extensions (
    id         BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key        TEXT    NOT NULL,
    attempt    INTEGER NOT NULL,
    envelope   TEXT    NOT NULL,
    run        TEXT    NOT NULL,
    meeting_id TEXT    NOT NULL,
    origin     TEXT    NOT NULL,
    team       TEXT    NOT NULL,
    person     TEXT    NOT NULL, -- empty for automation
    minutes    INTEGER NOT NULL,
    platform   INTEGER NOT NULL,
    state      TEXT    NOT NULL
        CHECK (state IN ('sent', 'unknown', 'confirmed', 'accepted', 'refused', 'void', 'unclear')),
    reason     TEXT    NOT NULL DEFAULT '',
    before_end BIGINT  NOT NULL DEFAULT 0,
    target_end BIGINT  NOT NULL DEFAULT 0,
    after_end  BIGINT  NOT NULL DEFAULT 0,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL,
    settle_at  BIGINT  NOT NULL, -- 0: nothing to settle
    freed      INTEGER NOT NULL DEFAULT 0, -- 1: its key may be used again
    counted    INTEGER NOT NULL,           -- minutes that count against the limits
    CHECK ((freed = 1) = (state IN ('refused', 'void', 'unclear'))),
    CHECK (counted = CASE WHEN state IN ('refused', 'void') THEN 0 ELSE minutes END),
    CHECK (settle_at > 0 OR state NOT IN ('sent', 'unknown'))
);

-- One open extension per run.
CREATE UNIQUE INDEX extensions_open ON extensions (run) WHERE state IN ('sent', 'unknown');
-- One extension per key that is open, accepted or confirmed; the other attempts of the key are beside it.
CREATE UNIQUE INDEX extensions_key ON extensions (key) WHERE freed = 0;
CREATE UNIQUE INDEX extensions_attempts ON extensions (key, attempt) WHERE freed = 1;
CREATE INDEX extensions_run ON extensions (run, counted);
CREATE INDEX extensions_person ON extensions (team, person, created_at, counted) WHERE person <> '';
CREATE INDEX extensions_settle ON extensions (settle_at) WHERE settle_at > 0;
CREATE INDEX extensions_meeting ON extensions (meeting_id, id);

-- +goose Down
DROP TABLE extensions;
DROP FUNCTION overtime_now;
