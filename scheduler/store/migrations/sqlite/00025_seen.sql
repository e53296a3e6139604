-- +goose Up
-- When a rule's meeting was last seen running or booked: rules of meetings that no longer exist go. What is there already counts
-- as seen now.
ALTER TABLE rules ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
UPDATE rules SET seen_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000;

-- +goose Down
ALTER TABLE rules DROP COLUMN seen_at;
