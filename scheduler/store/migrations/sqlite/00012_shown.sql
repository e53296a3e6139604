-- +goose Up
-- Who reads a message and what it shows. Where stage is empty, shown has it: replicas of the version before write that, and
-- may run beside this one for a while.
ALTER TABLE prompts ADD COLUMN reader       TEXT    NOT NULL DEFAULT ''; -- ID of a channel or of a person
ALTER TABLE prompts ADD COLUMN reader_host  INTEGER NOT NULL DEFAULT 0;  -- 1: a person who reads as the meeting's host
ALTER TABLE prompts ADD COLUMN stage        TEXT    NOT NULL DEFAULT '';
ALTER TABLE prompts ADD COLUMN shown_end    INTEGER NOT NULL DEFAULT 0;  -- Unix seconds
ALTER TABLE prompts ADD COLUMN shown_who    TEXT    NOT NULL DEFAULT '';
ALTER TABLE prompts ADD COLUMN shown_answer TEXT    NOT NULL DEFAULT '';
ALTER TABLE prompts ADD COLUMN shown_state  TEXT    NOT NULL DEFAULT ''; -- of the extension that is told
ALTER TABLE prompts ADD COLUMN shown_lapsed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE prompts ADD COLUMN shown_unsure INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE prompts DROP COLUMN shown_unsure;
ALTER TABLE prompts DROP COLUMN shown_lapsed;
ALTER TABLE prompts DROP COLUMN shown_state;
ALTER TABLE prompts DROP COLUMN shown_answer;
ALTER TABLE prompts DROP COLUMN shown_who;
ALTER TABLE prompts DROP COLUMN shown_end;
ALTER TABLE prompts DROP COLUMN stage;
ALTER TABLE prompts DROP COLUMN reader_host;
ALTER TABLE prompts DROP COLUMN reader;
