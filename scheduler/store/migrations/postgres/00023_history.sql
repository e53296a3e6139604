-- +goose Up
-- The same as for SQLite, where the columns are explained.
ALTER TABLE extensions ADD COLUMN each_minutes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE extensions ADD COLUMN host TEXT NOT NULL DEFAULT '';
CREATE INDEX extensions_of_person ON extensions (team, person, id) WHERE person <> '';
CREATE INDEX extensions_of_host ON extensions (host, id) WHERE host <> '';
DROP INDEX extensions_meeting;
CREATE INDEX extensions_meeting ON extensions (meeting_id, id);

-- +goose Down
DROP INDEX extensions_meeting;
CREATE INDEX extensions_meeting ON extensions (meeting_id);
DROP INDEX extensions_of_host;
DROP INDEX extensions_of_person;
ALTER TABLE extensions DROP COLUMN host;
ALTER TABLE extensions DROP COLUMN each_minutes;
