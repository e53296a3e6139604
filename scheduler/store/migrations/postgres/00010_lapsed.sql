-- +goose Up
-- The same as for SQLite, where it is explained.
ALTER TABLE prompts ADD COLUMN lapsed INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE prompts DROP COLUMN lapsed;
