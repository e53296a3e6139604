-- +goose Up
-- What the buttons under a confirmed extension must know of it; empty in rows from before.
ALTER TABLE extensions ADD COLUMN token TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE extensions DROP COLUMN token;
