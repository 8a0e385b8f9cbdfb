-- +goose Up
-- Nothing: row-level security is PostgreSQL's. A SQLite file belongs to one
-- process, which binds every query to its municipality itself.
SELECT 1;

-- +goose Down
SELECT 1;
