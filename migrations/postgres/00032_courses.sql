-- +goose Up
-- The figures of a unit ask for the plans that began in a year: how long the history is
-- before it costs nothing.
CREATE INDEX plans_by_start ON plans (municipality_id, unit_id, start_date);

-- +goose Down
DROP INDEX plans_by_start;
