-- +goose Up
-- What the rule is of by which automation extended; empty for people, the configuration, and rows from before.
ALTER TABLE extensions ADD COLUMN rule_of TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE extensions DROP COLUMN rule_of;
