-- +goose Up
-- Who is erased has no date of birth any more, and a reference that is nobody's. Those
-- who were erased before lose theirs now, and what was wrong with lines of imports,
-- which may quote them, goes where somebody was erased.
ALTER TABLE citizens ALTER COLUMN birth_date DROP NOT NULL;
ALTER TABLE citizens NO FORCE ROW LEVEL SECURITY;
ALTER TABLE data_keys NO FORCE ROW LEVEL SECURITY;
ALTER TABLE import_refusals NO FORCE ROW LEVEL SECURITY;
UPDATE citizens SET birth_date = NULL, reference = 'erased-' || right(replace(id::text, '-', ''), 16)
WHERE EXISTS (SELECT 1 FROM data_keys k WHERE k.municipality_id = citizens.municipality_id AND k.citizen_id = citizens.id AND k.destroyed_at IS NOT NULL);
DELETE FROM import_refusals
WHERE EXISTS (SELECT 1 FROM data_keys k WHERE k.municipality_id = import_refusals.municipality_id AND k.citizen_id IS NOT NULL AND k.destroyed_at IS NOT NULL);
ALTER TABLE import_refusals FORCE ROW LEVEL SECURITY;
ALTER TABLE data_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE citizens FORCE ROW LEVEL SECURITY;

-- +goose Down
ALTER TABLE citizens NO FORCE ROW LEVEL SECURITY;
UPDATE citizens SET birth_date = '1900-01-01' WHERE birth_date IS NULL;
ALTER TABLE citizens FORCE ROW LEVEL SECURITY;
ALTER TABLE citizens ALTER COLUMN birth_date SET NOT NULL;
