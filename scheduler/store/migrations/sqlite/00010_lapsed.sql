-- +goose Up
-- 1: whoever answered "keep" may not extend any more, and the answer counts no longer.
ALTER TABLE prompts ADD COLUMN lapsed INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE prompts DROP COLUMN lapsed;
