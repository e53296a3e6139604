-- +goose Up
-- 0: nobody is owed a notice of how the extension ended. Else when somebody else is to give it, unless it was given.
ALTER TABLE extensions ADD COLUMN owed_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX extensions_owed ON extensions (owed_at) WHERE owed_at > 0;
-- A typed command's key is its envelope, and is found by the key: no row of a command is in this index.
CREATE INDEX extensions_envelope ON extensions (envelope) WHERE envelope <> '' AND envelope <> key;

-- +goose Down
DROP INDEX extensions_envelope;
DROP INDEX extensions_owed;
ALTER TABLE extensions DROP COLUMN owed_at;
