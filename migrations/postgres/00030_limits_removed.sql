-- +goose Up
-- A programme's own limits can be given up again: a row says so, and from then on those
-- of all hold there. What they were when that happened stands in the row.

ALTER TABLE approval_limits ADD COLUMN removed BOOLEAN NOT NULL DEFAULT FALSE CHECK (NOT removed OR programme_id IS NOT NULL);

-- +goose Down
-- A programme that gave its limits up has them again.
ALTER TABLE approval_limits DROP COLUMN removed;
