-- +goose Up
-- What a till took today is found among all that it ever took.
CREATE INDEX redemptions_by_terminal ON redemptions (municipality_id, terminal_id, created_at);

-- +goose Down
DROP INDEX redemptions_by_terminal;
