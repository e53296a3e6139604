-- +goose Up
-- The same as for SQLite, where it is explained.
ALTER TABLE extensions ADD COLUMN token TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE extensions DROP COLUMN token;
