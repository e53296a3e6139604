-- +goose Up
-- What is written from time to time to see whether the database takes writes. Its one row means nothing.
CREATE TABLE probe (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    written_at INTEGER NOT NULL,
    filler     BLOB NOT NULL
);

-- +goose Down
DROP TABLE probe;
