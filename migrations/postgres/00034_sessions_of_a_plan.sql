-- +goose Up
-- A plan's sessions are listed without walking those of the municipality, also where
-- some were called off.
CREATE INDEX sessions_by_plan ON sessions (municipality_id, plan_id, id);

-- +goose Down
DROP INDEX sessions_by_plan;
