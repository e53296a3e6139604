-- +goose Up
-- The same as for SQLite, where it is explained.
ALTER TABLE extensions ADD COLUMN rule_of TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE extensions DROP COLUMN rule_of;
