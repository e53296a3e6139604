-- +goose Up
-- The same as for SQLite, where it is explained.
ALTER TABLE envelopes ADD COLUMN concluded INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE envelopes DROP COLUMN concluded;
