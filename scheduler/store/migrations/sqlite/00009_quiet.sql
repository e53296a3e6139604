-- +goose Up
-- Hosts who said "don't ask me again".
CREATE TABLE quiet (
    team   TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (team, person)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE quiet;
