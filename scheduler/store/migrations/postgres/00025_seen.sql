-- +goose Up
-- The same as for SQLite, where it is explained.
ALTER TABLE rules ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
UPDATE rules SET seen_at = CAST(extract(epoch FROM now()) * 1000 AS BIGINT);

-- +goose Down
ALTER TABLE rules DROP COLUMN seen_at;
