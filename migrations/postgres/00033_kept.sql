-- +goose Up
-- How long what is personal about a citizen is kept after their last plan was ended.
-- 0 is until somebody erases it; a shorter time holds only from a day on.
ALTER TABLE municipalities ADD COLUMN erase_after_months INTEGER NOT NULL DEFAULT 0 CHECK (erase_after_months = 0 OR erase_after_months BETWEEN 7 AND 120);
ALTER TABLE municipalities ADD COLUMN erase_next_months INTEGER NOT NULL DEFAULT 0 CHECK (erase_next_months = 0 OR erase_next_months BETWEEN 7 AND 120);
ALTER TABLE municipalities ADD COLUMN erase_next_from DATE CHECK ((erase_next_months = 0) = (erase_next_from IS NULL));

-- Since when no plan of a citizen's runs; empty while one does, and once the citizen
-- is erased. When older plans were ended is not known to the day: their last day counts.
ALTER TABLE citizens ADD COLUMN closed_on DATE;
ALTER TABLE municipalities NO FORCE ROW LEVEL SECURITY;
ALTER TABLE citizens NO FORCE ROW LEVEL SECURITY;
ALTER TABLE plans NO FORCE ROW LEVEL SECURITY;
ALTER TABLE data_keys NO FORCE ROW LEVEL SECURITY;
UPDATE citizens SET closed_on = COALESCE((SELECT MAX(p.end_date) FROM plans p WHERE p.municipality_id = citizens.municipality_id AND p.citizen_id = citizens.id),
  (SELECT (citizens.created_at AT TIME ZONE m.time_zone)::date FROM municipalities m WHERE m.municipality_id = citizens.municipality_id))
WHERE NOT EXISTS (SELECT 1 FROM plans p WHERE p.municipality_id = citizens.municipality_id AND p.citizen_id = citizens.id AND p.end_date IS NULL)
  AND NOT EXISTS (SELECT 1 FROM data_keys k WHERE k.municipality_id = citizens.municipality_id AND k.citizen_id = citizens.id AND k.destroyed_at IS NOT NULL);
ALTER TABLE data_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE plans FORCE ROW LEVEL SECURITY;
ALTER TABLE citizens FORCE ROW LEVEL SECURITY;
ALTER TABLE municipalities FORCE ROW LEVEL SECURITY;
CREATE INDEX citizens_closed ON citizens (municipality_id, closed_on, id) WHERE closed_on IS NOT NULL;
CREATE INDEX emergency_accesses_unreviewed ON emergency_accesses (municipality_id, citizen_id) WHERE reviewed_at IS NULL;

-- Until when somebody's data is kept in any case, and why.
ALTER TABLE citizens ADD COLUMN kept_until DATE;
ALTER TABLE citizens ADD COLUMN kept_because TEXT NOT NULL DEFAULT '';
ALTER TABLE citizens ADD COLUMN kept_by TEXT NOT NULL DEFAULT '' CHECK ((kept_by = '') = (kept_until IS NULL));

-- +goose Down
ALTER TABLE citizens DROP COLUMN kept_by;
ALTER TABLE citizens DROP COLUMN kept_because;
ALTER TABLE citizens DROP COLUMN kept_until;
DROP INDEX emergency_accesses_unreviewed;
DROP INDEX citizens_closed;
ALTER TABLE citizens DROP COLUMN closed_on;
ALTER TABLE municipalities DROP COLUMN erase_next_from;
ALTER TABLE municipalities DROP COLUMN erase_next_months;
ALTER TABLE municipalities DROP COLUMN erase_after_months;
