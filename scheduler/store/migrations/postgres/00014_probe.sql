-- +goose Up
-- What is written from time to time to see whether the database takes writes. Its one row means nothing.
CREATE TABLE probe (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    written_at BIGINT NOT NULL,
    filler     BYTEA NOT NULL
);

-- +goose Down
DROP TABLE probe;
