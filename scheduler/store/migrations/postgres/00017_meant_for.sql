-- +goose Up
-- The same as for SQLite, where it is explained.
ALTER TABLE prompts ADD COLUMN trouble   TEXT NOT NULL DEFAULT '';
ALTER TABLE prompts ADD COLUMN meant_for TEXT NOT NULL DEFAULT '';

DROP INDEX prompts_once;
CREATE UNIQUE INDEX prompts_once ON prompts (run, end_at, kind, meant_for);

-- +goose Down
DELETE FROM prompts WHERE id NOT IN (SELECT min(id) FROM prompts GROUP BY run, end_at, kind);
DROP INDEX prompts_once;
CREATE UNIQUE INDEX prompts_once ON prompts (run, end_at, kind);
ALTER TABLE prompts DROP COLUMN meant_for;
ALTER TABLE prompts DROP COLUMN trouble;
