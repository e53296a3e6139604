-- +goose Up
-- The same as for SQLite, where the columns are explained.
ALTER TABLE extensions ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE extensions ADD COLUMN room TEXT NOT NULL DEFAULT '';
ALTER TABLE extensions ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
CREATE INDEX extensions_of_room ON extensions (room, id) WHERE room <> '';
ALTER TABLE approvals ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE approvals ADD COLUMN room TEXT NOT NULL DEFAULT '';
ALTER TABLE approvals ADD COLUMN host TEXT NOT NULL DEFAULT '';
CREATE INDEX approvals_of_room ON approvals (room, id) WHERE room <> '';

-- +goose Down
DROP INDEX approvals_of_room;
ALTER TABLE approvals DROP COLUMN host;
ALTER TABLE approvals DROP COLUMN room;
ALTER TABLE approvals DROP COLUMN title;
DROP INDEX extensions_of_room;
ALTER TABLE extensions DROP COLUMN request_id;
ALTER TABLE extensions DROP COLUMN room;
ALTER TABLE extensions DROP COLUMN title;
