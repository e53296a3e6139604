-- +goose Up
CREATE TABLE leases (
    name       TEXT    NOT NULL PRIMARY KEY,
    owner      TEXT    NOT NULL, -- the replica that holds it, while held_until is to come
    held_until BIGINT  NOT NULL
);

-- +goose Down
DROP TABLE leases;
