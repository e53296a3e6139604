-- +goose Up
-- The same as for SQLite, where the columns are explained.
ALTER TABLE prompts ADD COLUMN answered_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX prompts_answered ON prompts (answered_at) WHERE answered_at > 0;
ALTER TABLE extensions ADD COLUMN wisher_team   TEXT NOT NULL DEFAULT '';
ALTER TABLE extensions ADD COLUMN wisher_person TEXT NOT NULL DEFAULT '';
CREATE INDEX extensions_wisher ON extensions (wisher_team, wisher_person, created_at, counted) WHERE wisher_person <> '';

-- +goose Down
DROP INDEX extensions_wisher;
ALTER TABLE extensions DROP COLUMN wisher_person;
ALTER TABLE extensions DROP COLUMN wisher_team;
DROP INDEX prompts_answered;
ALTER TABLE prompts DROP COLUMN answered_at;
