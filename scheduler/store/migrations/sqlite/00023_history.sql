-- +goose Up
-- With platform: the minutes that the platform is to add each time; 0 leaves that to it. They count against no limit.
ALTER TABLE extensions ADD COLUMN each_minutes INTEGER NOT NULL DEFAULT 0;
-- The HostUUID of the meeting, for those who look up what was done with the meetings that they host. Empty where it was not
-- known, and in rows from before.
ALTER TABLE extensions ADD COLUMN host TEXT NOT NULL DEFAULT '';
-- The history of a person, a host and a meeting, newest first.
CREATE INDEX extensions_of_person ON extensions (team, person, id) WHERE person <> '';
CREATE INDEX extensions_of_host ON extensions (host, id) WHERE host <> '';
DROP INDEX extensions_meeting;
CREATE INDEX extensions_meeting ON extensions (meeting_id, id);

-- +goose Down
DROP INDEX extensions_meeting;
CREATE INDEX extensions_meeting ON extensions (meeting_id);
DROP INDEX extensions_of_host;
DROP INDEX extensions_of_person;
ALTER TABLE extensions DROP COLUMN host;
ALTER TABLE extensions DROP COLUMN each_minutes;
