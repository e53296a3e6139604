-- +goose Up
-- 1: the answer to the envelope was worked out. It may be told again, and is never carried out again.
ALTER TABLE envelopes ADD COLUMN concluded INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE envelopes DROP COLUMN concluded;
