-- +goose Up
-- What a message about trouble says, for when it must be posted again.
ALTER TABLE prompts ADD COLUMN trouble   TEXT NOT NULL DEFAULT '';
ALTER TABLE prompts ADD COLUMN meant_for TEXT NOT NULL DEFAULT '';  -- the reader of the rule that it was made by, and when that was made; '' = of no rule


-- One prompt per run, end, kind and reader: who watches later is asked, too.
DROP INDEX prompts_once;
CREATE UNIQUE INDEX prompts_once ON prompts (run, end_at, kind, meant_for);

-- +goose Down
DELETE FROM prompts WHERE id NOT IN (SELECT min(id) FROM prompts GROUP BY run, end_at, kind);
DROP INDEX prompts_once;
CREATE UNIQUE INDEX prompts_once ON prompts (run, end_at, kind);
ALTER TABLE prompts DROP COLUMN meant_for;
ALTER TABLE prompts DROP COLUMN trouble;
